import type { Event } from '../../../src-main/contract/events.ts'

/** The connection status of the app. */
export type ConnectStatus =
  | { readonly type: 'waiting' }
  | {
      readonly type: 'arrived'
      readonly at: string
      readonly messageId: string | null
      readonly protocol: 'http' | 'smtp'
      readonly isLive: boolean
      readonly count: number
    }
  /** A message without a key arrived. */
  | { readonly type: 'anonymous'; readonly at: string; readonly messageId: string | null }
  | {
      readonly type: 'refused'
      readonly at: string
      readonly fault: string
      readonly status: number | null
      readonly route: string
      readonly logId: number | null
      readonly isThisKey: boolean
    }

/** The status after an event; returns `known` for an unrelated event. */
export function nextStatus(
  known: ConnectStatus,
  event: Event,
  keyId: string | null,
): ConnectStatus {
  const { type, key_id, at, message_id, data, seq } = event
  const isMessage = type === 'captured' || type === 'queued'
  if (isMessage && key_id === null && data.door === 'smtp' && known.type !== 'arrived') {
    return { type: 'anonymous', at, messageId: message_id }
  }
  if (keyId === null || key_id !== keyId) return known
  if (isMessage) {
    return {
      type: 'arrived',
      at,
      messageId: message_id,
      protocol: data.door === 'smtp' ? 'smtp' : 'http',
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
