import { Fault } from '../../contract/faults.ts'
import type { KeyMode } from '../../contract/keys.ts'
import { grants, type Permission } from '../../contract/permissions.ts'

type CallerOf<Mode extends KeyMode> = {
  readonly mode: Mode
  /** Null for the console and for mail without a key. */
  readonly keyId: number | null
  readonly publicId: string
  readonly name: string
  readonly permissions: readonly Permission[]
  readonly tenantId: string | null
  readonly inbox: string
  readonly requestsPerMinute: number | null
  readonly emailsPerDay: number | null
  readonly allowedSenders: readonly string[]
  readonly allowedIps: readonly string[]
  /** End of the key, or of the rotated secret that the request used; null: never. */
  readonly expiresAt: number | null
  /** The console and anonymous capture: no rate limit, no usage. */
  readonly unlimited: boolean
}

/** Its mail can only be captured: no function that takes this type has a transport. */
export type TestCaller = CallerOf<'test'>
export type LiveCaller = CallerOf<'live'>

/** The key behind a request. The mode comes from the key alone. */
export type Caller = TestCaller | LiveCaller

const unlimited = {
  keyId: null,
  tenantId: null,
  requestsPerMinute: null,
  emailsPerDay: null,
  allowedSenders: [],
  allowedIps: [],
  expiresAt: null,
  unlimited: true,
}

export const consoleCaller: LiveCaller = {
  ...unlimited,
  mode: 'live',
  publicId: 'key_console',
  name: 'Console',
  permissions: ['*'],
  inbox: 'default',
}

/** The caller of mail that arrives over SMTP from this machine without a key. It is never relayed. */
export const anonymousCaller: TestCaller = {
  ...unlimited,
  mode: 'test',
  publicId: 'anonymous',
  name: 'Without a key',
  permissions: ['send'],
  inbox: 'default',
}

type Owned = { readonly tenant_id: string | null; readonly mode: KeyMode }

/** The key of a tenant sees that tenant only; a test key sees no live mail. */
export function sees(caller: Caller, { tenant_id: tenantId, mode }: Owned): boolean {
  return isOfTenant(caller, tenantId) && (caller.mode === 'live' || mode === 'test')
}

/** The owners for the fair queue: the tenant and its key; without a tenant, the key alone. */
export const ownersOf = ({ tenantId, publicId }: Caller): readonly string[] =>
  tenantId === null ? [publicId] : [tenantId, publicId]

export function isOfTenant(caller: Caller, tenantId: string | null): boolean {
  return caller.tenantId === null || caller.tenantId === tenantId
}

/** The one mode that a caller sees, for SQL such as `? IS NULL OR mode = ?`; null: both. */
export const onlyMode = ({ mode }: Caller): 'test' | null => (mode === 'test' ? mode : null)

/** A test key gets 404 on live mail and on everything that acts on it. */
export function requireLive(caller: Caller, subject: string): LiveCaller {
  if (caller.mode === 'live') return caller
  throw new Fault(
    'not_found',
    `${subject} is about live mail, which a test key can neither see nor change. Use a live key.`,
    { mode: caller.mode },
  )
}

export function requirePermission(caller: Caller, permission: Permission): void {
  if (grants(caller.permissions, [permission])) return
  throw new Fault(
    'insufficient_permissions',
    `The key “${caller.name}” lacks the permission ${permission}. Use a key that has it, or add it to this one.`,
    { required: permission, held: caller.permissions },
  )
}

/** Refuses the keys of tenants, whatever their permissions, where all tenants are affected. */
export function requireInstallation(caller: Caller, action: string): void {
  if (caller.tenantId === null) return
  throw new Fault(
    'insufficient_permissions',
    `Only a key that belongs to no tenant may ${action}.`,
    { tenant_id: caller.tenantId },
  )
}
