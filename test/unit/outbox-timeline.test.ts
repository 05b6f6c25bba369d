import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../../src-main/contract/logs.ts'
import type { Delivery } from '../../src-main/contract/messages.ts'
import { timelineOf } from '../../src-renderer/features/outbox/timeline-entries.ts'

const at = (second: number) => `2026-01-15T10:30:${String(second).padStart(2, '0')}.000Z`

function logged(id: number, event: LogEntry['event'], to: string | null, more: object = {}) {
  // Fields that a timeline does not read are omitted.
  return {
    id,
    event,
    to,
    timestamp: at(id),
    smtp_response: null,
    by: null,
    data: {},
    ...more,
  } as LogEntry
}

const waiting = (recipient: string, attempts: number): Delivery => ({
  recipient,
  status: attempts === 0 ? 'queued' : 'deferred',
  attempts,
  relay: null,
  last_reply: null,
  next_attempt_at: at(50),
  delivered_at: null,
})

const typesOf = (log: readonly LogEntry[], deliveries: readonly Delivery[] = []) =>
  timelineOf(log, deliveries).map(({ type }) => type)

describe('The timeline of a message', () => {
  it('Events of the whole message appear once', () => {
    const accepted = { data: { door: 'smtp', size_bytes: 390 } }
    const log = [
      logged(1, 'queued', 'a@x.example', accepted),
      logged(1, 'queued', 'b@x.example', accepted),
    ]
    expect(timelineOf(log, [])).toMatchObject([
      { type: 'accepted', protocol: 'SMTP', sizeBytes: 390 },
    ])
  })

  it('Recipients with the same reply at the same time share an entry, and others do not', () => {
    const said = (id: number, to: string, reply: string) =>
      logged(id, 'delivered', to, {
        timestamp: at(9),
        smtp_response: reply,
        duration_ms: 12,
        data: { relay: 'one', attempt: 1 },
      })
    const log = [
      said(2, 'a@x.example', '250 OK'),
      said(3, 'b@x.example', '250 OK'),
      said(4, 'c@x.example', '250 Fine'),
    ]
    expect(timelineOf(log, [])).toMatchObject([
      { recipients: ['a@x.example', 'b@x.example'], reply: '250 OK', relay: 'one', durationMs: 12 },
      { recipients: ['c@x.example'], reply: '250 Fine' },
    ])
  })

  it('Only recipients without a reply yet are “sending”', () => {
    const begun = [1, 2].map((id) => logged(id, 'sending', `${id}@x.example`, { timestamp: at(1) }))
    const log = [...begun, logged(3, 'deferred', '1@x.example')]
    expect(timelineOf(log, [])).toMatchObject([
      { type: 'sending', recipients: ['2@x.example'] },
      { type: 'attempt', outcome: 'deferred' },
    ])
  })

  it('Skipped relays are named', () => {
    const data = { relay: 'two', attempt: 1, passed_over: [{ relay: 'one', reply: '421 Closed' }] }
    expect(timelineOf([logged(1, 'delivered', 'a@x.example', { data })], [])).toMatchObject([
      { skippedRelays: [{ relay: 'one', reply: '421 Closed' }] },
    ])
  })

  it('The timeline ends with future events and their times', () => {
    const log = [
      logged(1, 'retried', 'a@x.example', { by: 'key_1' }),
      logged(2, 'cancelled', 'b@x.example'),
    ]
    const deliveries = [waiting('a@x.example', 2), waiting('c@x.example', 2)]
    expect(typesOf(log, deliveries)).toEqual(['retried', 'cancelled', 'next'])
    expect(timelineOf([], deliveries)).toMatchObject([
      { at: at(50), recipients: ['a@x.example', 'c@x.example'], isFirst: false },
    ])
    expect(timelineOf([], [waiting('a@x.example', 0)])).toMatchObject([{ isFirst: true }])
  })
})
