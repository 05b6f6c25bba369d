import type { Event } from '../../../src-main/contract/events.ts'

/** What is known of an app that is being connected. */
export type FirstSign =
  | { readonly type: 'waiting' }
  | {
      readonly type: 'arrived'
      readonly at: string
      readonly messageId: string | null
      readonly door: 'http' | 'smtp'
      readonly isLive: boolean
      readonly count: number
    }
  /** It came, but nobody can say from which key. */
  | { readonly type: 'unsigned'; readonly at: string; readonly messageId: string | null }
  | {
      readonly type: 'refused'
      readonly at: string
      readonly fault: string
      readonly status: number | null
      readonly route: string
      readonly logId: number | null
      readonly isThisKey: boolean
    }

/** What an event changes about it; the same sign when it is about something else. */
export function signOf(known: FirstSign, event: Event, keyId: string | null): FirstSign {
  const { type, key_id, at, message_id, data, seq } = event
  const isMessage = type === 'captured' || type === 'queued'
  if (isMessage && key_id === null && data.door === 'smtp' && known.type !== 'arrived') {
    return { type: 'unsigned', at, messageId: message_id }
  }
  if (keyId === null || key_id !== keyId) return known
  if (isMessage) {
    return {
      type: 'arrived',
      at,
      messageId: message_id,
      door: data.door === 'smtp' ? 'smtp' : 'http',
      isLive: type === 'queued',
      count: known.type === 'arrived' ? known.count + 1 : 1,
    }
  }
  if (type !== 'request' || typeof data.fault !== 'string') return known
  return {
    type: 'refused',
    at,
    fault: data.fault,
    status: typeof data.status === 'number' ? data.status : null,
    route: String(data.route),
    logId: seq,
    isThisKey: true,
  }
}
