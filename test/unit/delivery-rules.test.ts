import { describe, expect, it } from 'vitest'
import {
  type DeliveryStatus,
  DeliveryStatus as Statuses,
} from '../../src-main/contract/messages.ts'
import { decide, summarize } from '../../src-main/domain/delivery/rules.ts'
import type { RecipientReply } from '../../src-main/domain/relays/upstream.ts'

const now = Date.parse('2026-01-15T10:30:00Z')
const minuteMs = 60_000
const refused = (code: number): RecipientReply => ({
  type: 'refused',
  code,
  reply: `${code} No.`,
  isAboutRecipient: true,
})
const unreachable: RecipientReply = {
  type: 'unreachable',
  reply: 'connect ECONNREFUSED',
  trouble: null,
}

describe('The status of a recipient after an attempt', () => {
  it('An accepted recipient is delivered', () => {
    expect(decide({ type: 'accepted', reply: '250 OK' }, 1, now)).toEqual({
      status: 'delivered',
      nextAttemptAt: null,
      reply: '250 OK',
    })
  })

  it.each([500, 550, 554, 599])('Reply %i bounces the recipient at the first attempt', (code) => {
    expect(decide(refused(code), 1, now)).toMatchObject({ status: 'bounced', nextAttemptAt: null })
  })

  it.each([
    ['421', refused(421)],
    ['451', refused(451)],
    ['499', refused(499)],
    ['no connection', unreachable],
  ])('%s is retried after 1, 5, 30 minutes, 2 and 6 hours, then fails', (_, reply) => {
    const waits = [1, 2, 3, 4, 5].map((attempt) => {
      const { status, nextAttemptAt } = decide(reply, attempt, now)
      expect(status).toBe('deferred')
      return ((nextAttemptAt ?? 0) - now) / minuteMs
    })
    expect(waits).toEqual([1, 5, 30, 120, 360])
    expect(decide(reply, 6, now)).toMatchObject({ status: 'failed', nextAttemptAt: null })
    expect(decide(reply, 60, now).status).toBe('failed')
  })
})

describe('The status of a message', () => {
  it.each([
    [['delivered'], 'delivered'],
    [['delivered', 'bounced'], 'bounced'],
    [['delivered', 'failed'], 'failed'],
    [['bounced', 'failed'], 'failed'],
    [['delivered', 'deferred'], 'queued'],
    [['bounced', 'queued'], 'queued'],
    [['delivered', 'sending', 'queued'], 'sending'],
  ] as const)('A message with the recipient statuses %j is %s', (statuses, expected) => {
    expect(summarize(statuses)).toBe(expected)
  })

  it('The order of its recipients does not change the status of a message', () => {
    const all: readonly DeliveryStatus[] = Statuses.options
    for (const one of all) {
      for (const two of all) expect(summarize([one, two])).toBe(summarize([two, one]))
    }
  })
})
