import { describe, expect, it } from 'vitest'
import type { Event } from '../../src-main/contract/events.ts'
import {
  type ConnectStatus,
  nextStatus,
} from '../../src-renderer/features/connect/connect-status.ts'

const at = '2026-01-15T10:30:00.000Z'
const waiting: ConnectStatus = { type: 'waiting' }

function event(change: Partial<Event>): Event {
  return {
    seq: 7,
    at,
    type: 'captured',
    key_id: 'key_mine',
    tenant_id: null,
    message_id: 'msg_1',
    data: { door: 'http' },
    ...change,
  }
}

const refusal = event({
  type: 'request',
  message_id: null,
  data: { route: 'POST /v1/send', status: 403, fault: 'sender_not_allowed' },
})

describe('The connect status', () => {
  it('The first message of the key is shown, and later messages are counted', () => {
    const first = nextStatus(waiting, event({}), 'key_mine')
    expect(first).toEqual({
      type: 'arrived',
      at,
      messageId: 'msg_1',
      protocol: 'http',
      isLive: false,
      count: 1,
    })
    const second = event({ type: 'queued', message_id: 'msg_2', data: { door: 'smtp' } })
    expect(nextStatus(first, second, 'key_mine')).toMatchObject({
      messageId: 'msg_2',
      protocol: 'smtp',
      isLive: true,
      count: 2,
    })
  })

  it('A refusal is shown with its reason, and a later message replaces it', () => {
    const refused = nextStatus(waiting, refusal, 'key_mine')
    expect(refused).toMatchObject({
      type: 'refused',
      fault: 'sender_not_allowed',
      status: 403,
      route: 'POST /v1/send',
      logId: 7,
      isThisKey: true,
    })
    expect(nextStatus(refused, event({}), 'key_mine').type).toBe('arrived')
  })

  it('Events of other keys and successful requests do not count', () => {
    expect(nextStatus(waiting, event({ key_id: 'key_other' }), 'key_mine')).toBe(waiting)
    expect(nextStatus(waiting, event({}), null)).toBe(waiting)
    const well = event({ type: 'request', data: { route: 'GET /v1/inbox', status: 200 } })
    expect(nextStatus(waiting, well, 'key_mine')).toBe(waiting)
  })

  it('A message without a key counts, but not after one with the key', () => {
    const anonymous = event({ key_id: null, data: { door: 'smtp' } })
    expect(nextStatus(waiting, anonymous, 'key_mine')).toEqual({
      type: 'anonymous',
      at,
      messageId: 'msg_1',
    })
    const arrived = nextStatus(waiting, event({}), 'key_mine')
    expect(nextStatus(arrived, anonymous, 'key_mine')).toBe(arrived)
  })
})
