import { type EventType, messageEventTypes } from '../../contract/events.ts'
import type { KeyMode } from '../../contract/keys.ts'
import type { StoredEvent } from '../../storage/event-log.ts'
import { type Caller, isOfTenant } from './caller.ts'

type ModeOfKey = (keyId: number) => KeyMode | null

type Seen = Pick<StoredEvent, 'type' | 'keyId' | 'tenantId'>

/**
 * Events with the mode of their key; without a key they belong to the console and are live. Captured
 * mail is test mail whatever the key, and all other events are not about mail.
 */
const keyedTypes: readonly EventType[] = [
  ...messageEventTypes.filter((type) => type !== 'captured'),
  'job.created',
  'job.changed',
  'request',
  'session',
  'alert',
  'relay.health',
]
const isKeyed: ReadonlySet<string> = new Set(keyedTypes)

/** `isTestEvent` in SQL, for the table `events AS e`. */
export const isTestEventSql = `(
  e.type NOT IN (${keyedTypes.map((type) => `'${type}'`).join(', ')})
  OR e.key_id IN (SELECT id FROM keys WHERE mode = 'test'))`

export function isTestEvent({ type, keyId }: Seen, modeOf: ModeOfKey): boolean {
  if (!isKeyed.has(type)) return true
  return keyId !== null && modeOf(keyId) === 'test'
}

export function seesEvent(caller: Caller, event: Seen, modeOf: ModeOfKey): boolean {
  if (!isOfTenant(caller, event.tenantId)) return false
  return caller.mode === 'live' || isTestEvent(event, modeOf)
}
