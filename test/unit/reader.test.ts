import { setTimeout } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../src-main/base/clock.ts'
import { startReader } from '../../src-main/storage/reader.ts'
import { mayContinue } from '../../src-main/storage/search-limit.ts'
import { openStorage } from './open-storage.ts'

/** A statement that never ends. */
const endless = `WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)
  SELECT count(*) FROM n WHERE ${mayContinue('id')}`
const one = 'SELECT 1 AS value'
const turn = (owner: string, signal?: AbortSignal) => ({ owners: [owner], signal })

function open(maxMs?: number) {
  const { folder, storage } = openStorage()
  const reader = startReader(folder, storage, systemClock, maxMs)
  onTestFinished(reader.close)
  return reader
}

describe('A search on the read threads', () => {
  it('A search does not delay other reads, and ends when its client leaves', async () => {
    const reader = open(60_000)
    const client = new AbortController()
    const search = reader.search(turn('a', client.signal), endless)
    const other = reader.search(turn('b'), one)
    expect(await reader.all(one)).toEqual([{ value: 1 }])
    await setTimeout(100)
    client.abort()
    await expect(search).rejects.toMatchObject({ code: 'client_closed' })
    expect(await other).toEqual([{ value: 1 }])
  })

  it('A search over its time limit ends with a sentence, and the next one is answered', async () => {
    const reader = open(300)
    await expect(reader.search(turn('a'), endless)).rejects.toMatchObject({
      code: 'request_timeout',
      message: expect.stringMatching(/took more than 0.3 seconds and was stopped/),
    })
    expect(await reader.search(turn('a'), one)).toEqual([{ value: 1 }])
  })

  it('A search is refused when too many of its key wait, and searches of another key are not', async () => {
    const reader = open(500)
    const many = Array.from({ length: 60 }, (_, index) =>
      reader.search(turn('a'), index === 0 ? endless : one),
    )
    const other = reader.search(turn('b'), one)
    const answers = await Promise.allSettled([...many, other])
    const codes = answers.map((answer) =>
      answer.status === 'fulfilled' ? 'ok' : answer.reason.code,
    )
    expect(codes).toEqual([
      'request_timeout',
      ...Array(50).fill('ok'),
      ...Array(9).fill('rate_limit_exceeded'),
      'ok',
    ])
  })

  it('A search ends when the reader closes', async () => {
    const closeMs = async (sql: string) => {
      const reader = open(60_000)
      // The thread runs before the clock does: its start takes longest.
      await reader.search(turn('a'), one)
      const search = reader.search(turn('a'), sql).then(
        () => 'answered',
        () => 'ended',
      )
      await setTimeout(100)
      const began = performance.now()
      await reader.close()
      return { ms: performance.now() - began, outcome: await search }
    }
    const idle = await closeMs(one)
    const busy = await closeMs(endless)
    expect([idle.outcome, busy.outcome]).toEqual(['answered', 'ended'])
    // A thread inside a statement would be abandoned after 5 s.
    expect(busy.ms).toBeLessThan(Math.max(3000, 20 * idle.ms))
  })
})
