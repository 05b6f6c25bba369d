import { iso, isoOrNull, readableTime } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import type { Key, KeyChange, KeyMode, NewKey } from '../../contract/keys.ts'
import type { Permission } from '../../contract/permissions.ts'
import { type Caller, isOfTenant } from './caller.ts'
import type { KeyBounds } from './key-bounds.ts'
import { isMistyped } from './key-secrets.ts'

const dayMs = 86_400_000

export type KeyRow = {
  readonly id: number
  readonly public_id: string
  readonly prefix: string
  readonly name: string
  readonly mode: KeyMode
  readonly permissions: string
  readonly source: 'created' | 'environment'
  readonly tenant_id: string | null
  readonly inbox: string
  readonly enabled: number
  readonly requests_per_minute: number | null
  readonly emails_per_day: number | null
  readonly allowed_senders: string
  readonly allowed_ips: string
  readonly created_at: number
  readonly expires_at: number | null
  readonly revoked_at: number | null
  readonly last_used_at: number | null
  readonly last_used_from: string | null
}

/** A key in memory: loaded once, replaced when the key changes. */
export type LoadedKey = {
  readonly row: KeyRow
  readonly caller: Caller
  readonly allows: ((address: string) => boolean) | null
  readonly secrets: readonly { readonly hash: string; readonly expiresAt: number | null }[]
  lastUsedAt: number | null
  lastUsedFrom: string | null
}

/** A key in the native dialect. */
export function toWire({ row, secrets, lastUsedAt, lastUsedFrom }: LoadedKey, now: number): Key {
  const graceUntil = secrets
    .map(({ expiresAt }) => expiresAt)
    .find((expiresAt) => expiresAt !== null && expiresAt > now)
  return {
    id: row.public_id,
    name: row.name,
    mode: row.mode,
    prefix: row.prefix,
    permissions: JSON.parse(row.permissions) as Permission[],
    enabled: row.enabled === 1,
    source: row.source,
    tenant_id: row.tenant_id,
    rate_limit: {
      requests_per_minute: row.requests_per_minute,
      emails_per_day: row.emails_per_day,
    },
    inbox: row.inbox,
    allowed_senders: JSON.parse(row.allowed_senders) as string[],
    allowed_ips: JSON.parse(row.allowed_ips) as string[],
    expires_at: isoOrNull(row.expires_at),
    grace_until: isoOrNull(graceUntil ?? null),
    last_used_at: isoOrNull(lastUsedAt),
    last_used_from: lastUsedFrom,
    created_at: iso(row.created_at),
  }
}

export function isVisible(caller: Caller, row: KeyRow): boolean {
  return row.revoked_at === null && isOfTenant(caller, row.tenant_id)
}

export function toCaller(row: KeyRow): Caller {
  return {
    mode: row.mode,
    keyId: row.id,
    publicId: row.public_id,
    name: row.name,
    permissions: JSON.parse(row.permissions) as Permission[],
    tenantId: row.tenant_id,
    inbox: row.inbox,
    requestsPerMinute: row.requests_per_minute,
    emailsPerDay: row.emails_per_day,
    allowedSenders: JSON.parse(row.allowed_senders) as string[],
    allowedIps: JSON.parse(row.allowed_ips) as string[],
    expiresAt: row.expires_at,
    unlimited: false,
  }
}

export function unknownKey(key: string): Fault {
  return new Fault(
    'invalid_api_key',
    isMistyped(key)
      ? 'This key is cut short or mistyped: its checksum does not match. Copy the whole key again.'
      : 'Invalid API key provided. Check that it is the whole key and that this MailSage created it.',
  )
}

/** The bounds of a new key: a field that the request leaves out is the caller's. */
export function boundsOf(caller: Caller, input: NewKey, now: number): KeyBounds {
  return {
    mode: input.mode,
    permissions: input.permissions ?? ['send'],
    tenantId: input.tenant_id ?? caller.tenantId,
    inbox: input.inbox ?? caller.inbox,
    requestsPerMinute: input.rate_limit?.requests_per_minute ?? caller.requestsPerMinute,
    emailsPerDay: input.rate_limit?.emails_per_day ?? caller.emailsPerDay,
    allowedSenders: input.allowed_senders ?? caller.allowedSenders,
    allowedIps: input.allowed_ips ?? caller.allowedIps,
    expiresAt: input.expires_in_days ? now + input.expires_in_days * dayMs : caller.expiresAt,
  }
}

/** The bounds of a changed key: a field that is left out stays; null removes a limit. */
export function boundsAfter(before: KeyBounds, change: KeyChange): KeyBounds {
  const { rate_limit: rates } = change
  const limit = (value: number | null | undefined, known: number | null) =>
    rates === null ? null : value === undefined ? known : value
  return {
    ...before,
    permissions: change.permissions ?? before.permissions,
    inbox: change.inbox ?? before.inbox,
    requestsPerMinute: limit(rates?.requests_per_minute, before.requestsPerMinute),
    emailsPerDay: limit(rates?.emails_per_day, before.emailsPerDay),
    allowedSenders: change.allowed_senders ?? before.allowedSenders,
    allowedIps: change.allowed_ips ?? before.allowedIps,
  }
}

/** Refuses a key that is revoked, switched off or expired. `secretEnd`: end of a rotated secret. */
export function refuseUnusable(row: KeyRow, secretEnd: number | null, now: number): void {
  if (row.revoked_at !== null) {
    throw new Fault(
      'invalid_api_key',
      `This key was revoked at ${readableTime(row.revoked_at)}. Use another one.`,
    )
  }
  if (!row.enabled) {
    throw new Fault('invalid_api_key', 'This key is switched off. Enable it, or use another one.')
  }
  const end = Math.min(row.expires_at ?? Infinity, secretEnd ?? Infinity)
  if (end > now) return
  throw new Fault(
    'expired_api_key',
    end === secretEnd
      ? `This key was rotated and its old secret ended at ${readableTime(end)}. Use the new one.`
      : `This key expired at ${readableTime(end)}. Create a new one.`,
  )
}
