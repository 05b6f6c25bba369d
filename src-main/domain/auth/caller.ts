import { Fault } from '../../contract/faults.ts'
import type { KeyMode } from '../../contract/keys.ts'
import { grants, type Permission } from '../../contract/permissions.ts'

type Who<Mode extends KeyMode> = {
  readonly mode: Mode
  /** Null for the console and for mail that comes without a key. */
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
  /** When the key, or the rotated secret that it was asked with, ends; null: never. */
  readonly expiresAt: number | null
  /** The console and anonymous capture: no rate limit, no usage. */
  readonly unlimited: boolean
}

/** Can only be captured: nothing that takes this type holds a transport. */
export type TestCaller = Who<'test'>
export type LiveCaller = Who<'live'>

/** Who is asking. The mode comes from the key alone. */
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

/** Mail that comes over SMTP from this machine without a key. It can never be relayed. */
export const anonymousCaller: TestCaller = {
  ...unlimited,
  mode: 'test',
  publicId: 'anonymous',
  name: 'Without a key',
  permissions: ['send'],
  inbox: 'default',
}

type Owned = { readonly tenant_id: string | null; readonly mode: KeyMode }

/** A tenant's key sees what is its tenant's; a test key sees no live mail. */
export function sees(caller: Caller, { tenant_id: tenantId, mode }: Owned): boolean {
  return isOfTenant(caller, tenantId) && (caller.mode === 'live' || mode === 'test')
}

/** Who shares the time of a thread: a tenant with its keys; else the key alone. */
export const ownersOf = ({ tenantId, publicId }: Caller): readonly string[] =>
  tenantId === null ? [publicId] : [tenantId, publicId]

export function isOfTenant(caller: Caller, tenantId: string | null): boolean {
  return caller.tenantId === null || caller.tenantId === tenantId
}

/** The mode that a caller is kept to, for SQL such as `? IS NULL OR mode = ?`; null: both. */
export const onlyMode = ({ mode }: Caller): 'test' | null => (mode === 'test' ? mode : null)

/** Live mail is not there for a test key, nor is what acts on it. */
export function demandLive(caller: Caller, subject: string): LiveCaller {
  if (caller.mode === 'live') return caller
  throw new Fault(
    'not_found',
    `${subject} is about live mail, which a test key can neither see nor change. Use a live key.`,
    { mode: caller.mode },
  )
}

export function demand(caller: Caller, permission: Permission): void {
  if (grants(caller.permissions, [permission])) return
  throw new Fault(
    'insufficient_permissions',
    `The key “${caller.name}” lacks the permission ${permission}. Use a key that has it, or add it to this one.`,
    { required: permission, held: caller.permissions },
  )
}

/** What is everybody's is not for one tenant to change, whatever its key may do. */
export function demandInstallation(caller: Caller, action: string): void {
  if (caller.tenantId === null) return
  throw new Fault(
    'insufficient_permissions',
    `Only a key that belongs to no tenant may ${action}.`,
    { tenant_id: caller.tenantId },
  )
}
