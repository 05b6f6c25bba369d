import { isRangeWithin } from '../../base/ip-addresses.ts'
import { Fault } from '../../contract/faults.ts'
import { grants } from '../../contract/permissions.ts'
import type { Caller } from './caller.ts'

/** Every field that limits a key. Null, an empty list and the inbox `default` set no limit. */
export type KeyBounds = Pick<
  Caller,
  | 'mode'
  | 'permissions'
  | 'tenantId'
  | 'inbox'
  | 'requestsPerMinute'
  | 'emailsPerDay'
  | 'allowedSenders'
  | 'allowedIps'
  | 'expiresAt'
>

type KeyLimits = Pick<KeyBounds, 'requestsPerMinute' | 'emailsPerDay'>

export const openInbox = 'default'

type Wider = { readonly field: string; readonly sentence: string; readonly required?: unknown }

/** Refuses to create or change a key that is wider than the caller in any field. */
export function refuseWider(caller: KeyBounds, key: KeyBounds): void {
  if (caller.tenantId !== null && key.tenantId !== caller.tenantId) {
    throw new Fault('not_found', `There is no tenant ${key.tenantId ?? ''}.`)
  }
  refuseFirst(caller, widerFields(caller, key))
}

/** Refuses limits, for a tenant, that are wider than the caller's own. */
export function refuseWiderLimits(caller: KeyBounds, limits: KeyLimits): void {
  refuseFirst(caller, widerLimits(caller, limits, 'tenant'))
}

function refuseFirst(caller: KeyBounds, [wider]: readonly Wider[]): void {
  if (!wider) return
  throw new Fault('insufficient_permissions', wider.sentence, {
    field: wider.field,
    ...(wider.required === undefined ? {} : { required: wider.required, held: caller.permissions }),
  })
}

/**
 * Refuses every key with any limit, for actions that reach beyond all of them. The console's key and
 * the first admin key have none.
 */
export function requireUnbound(caller: KeyBounds, action: string): void {
  if (caller.tenantId === null && widerFields(caller, unbound).length === 0) return
  throw new Fault(
    'insufficient_permissions',
    `Only an admin key without restrictions may ${action}. Use a live key with the permission * and no senders, addresses, limits, expiry or inbox.`,
  )
}

const unbound: KeyBounds = {
  mode: 'live',
  permissions: ['*'],
  tenantId: null,
  inbox: openInbox,
  requestsPerMinute: null,
  emailsPerDay: null,
  allowedSenders: [],
  allowedIps: [],
  expiresAt: null,
}

function widerFields(caller: KeyBounds, key: KeyBounds): Wider[] {
  return [
    widerPermissions(caller, key),
    widerMode(caller, key),
    ...widerLimits(caller, key, 'key'),
    widerList('allowed_senders', 'may send from', isSenderWithin, [
      caller.allowedSenders,
      key.allowedSenders,
    ]),
    widerList('allowed_ips', 'may be used from', isRangeWithin, [
      caller.allowedIps,
      key.allowedIps,
    ]),
    laterEnd(caller, key),
    otherInbox(caller, key),
  ].filter((wider) => wider !== null)
}

function widerPermissions(caller: KeyBounds, key: KeyBounds): Wider | null {
  const missing = key.permissions.filter((name) => !grants(caller.permissions, [name]))
  if (missing.length === 0) return null
  return {
    field: 'permissions',
    sentence: `A key cannot grant permissions that it lacks, nor change a key that has more. Missing: ${missing.join(', ')}.`,
    required: missing,
  }
}

function widerMode(caller: KeyBounds, key: KeyBounds): Wider | null {
  if (caller.mode === 'live' || key.mode === 'test') return null
  return {
    field: 'mode',
    sentence:
      'A test key can neither create nor change a live key. Use a live key, or set "mode": "test".',
  }
}

type Pair<T> = readonly [held: T, wanted: T]

function widerLimits(caller: KeyLimits, limits: KeyLimits, subject: 'key' | 'tenant'): Wider[] {
  return [
    widerNumber('rate_limit.requests_per_minute', `requests a minute`, subject, [
      caller.requestsPerMinute,
      limits.requestsPerMinute,
    ]),
    widerNumber('rate_limit.emails_per_day', 'emails a day', subject, [
      caller.emailsPerDay,
      limits.emailsPerDay,
    ]),
  ].filter((wider) => wider !== null)
}

function widerNumber(
  field: string,
  noun: string,
  subject: 'key' | 'tenant',
  [held, wanted]: Pair<number | null>,
) {
  if (held === null || (wanted !== null && wanted <= held)) return null
  return {
    field,
    sentence: `This key is limited to ${held} ${noun}, so it cannot create or change a ${subject} with ${wanted === null ? 'no such limit' : wanted}. Give ${held} or less, or use a key without this limit.`,
  }
}

function widerList(
  field: string,
  verb: string,
  isWithin: (wanted: string, held: string) => boolean,
  [held, wanted]: Pair<readonly string[]>,
): Wider | null {
  if (held.length === 0) return null
  const beyond = wanted.filter((each) => !held.some((one) => isWithin(each, one)))
  if (wanted.length > 0 && beyond.length === 0) return null
  const excess = beyond.length > 0 ? beyond.join(', ') : 'everywhere'
  return {
    field,
    sentence: `This key ${verb} ${held.join(', ')} only, so it cannot create or change a key that ${verb} ${excess}. Narrow “${field}”, or use a key without this limit.`,
  }
}

function laterEnd({ expiresAt: held }: KeyBounds, { expiresAt: wanted }: KeyBounds): Wider | null {
  if (held === null || (wanted !== null && wanted <= held)) return null
  const end = new Date(held).toISOString()
  return {
    field: 'expires_in_days',
    sentence: `This key ends at ${end}, so it cannot create or change a key that ends later. Leave “expires_in_days” out to give a new key the same end, or use a key that ends later.`,
  }
}

function otherInbox({ inbox: held }: KeyBounds, { inbox: wanted }: KeyBounds): Wider | null {
  if (held === openInbox || wanted === held) return null
  return {
    field: 'inbox',
    sentence: `The inbox of this key is “${held}”, so it cannot create or change a key with the inbox “${wanted}”. Give “${held}”, or use a key with the inbox “${openInbox}”.`,
  }
}

/** `allowed_senders` holds addresses and domains; a domain covers its addresses, not its subdomains. */
export function isSenderWithin(sender: string, allowed: string): boolean {
  return sender === allowed || sender.slice(sender.lastIndexOf('@') + 1) === allowed
}
