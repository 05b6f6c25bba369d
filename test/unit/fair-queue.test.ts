import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src-main/base/clock.ts'
import { createFairQueue } from '../../src-main/base/fair-queue.ts'

const open = (maxWaiting = 100) =>
  createFairQueue({
    clock: systemClock,
    maxWaiting,
    maxChargeMs: 1000,
    tooMany: () => new Error('Too many'),
  })

/** Runs requests of these owners at once with their durations. Returns the order in which they end. */
async function orderOf(requests: readonly (readonly [owners: string, ms: number])[]) {
  const queue = open()
  const ended: string[] = []
  await Promise.all(
    requests.map(([owners, ms]) =>
      queue.run({ owners: owners.split(' ') }, async () => {
        await setTimeout(ms)
        ended.push(owners)
      }),
    ),
  )
  return ended
}

describe('A fair queue', () => {
  it('An owner that used less time comes before one that used more, in any order of their requests', async () => {
    const heavy = ['a', 20] as const
    expect(await orderOf([heavy, heavy, heavy, heavy, ['b', 1], ['c', 1], ['b', 1]])).toEqual(
      expect.arrayContaining(['b', 'c']),
    )
    const order = await orderOf([heavy, heavy, heavy, ['b', 1], ['c', 1], ['b', 1]])
    expect(order).toEqual(['a', 'b', 'c', 'b', 'a', 'a'])
  })

  it('The time of an owner is shared among its members', async () => {
    const order = await orderOf([
      ['t one', 20],
      ['t one', 20],
      ['t two', 1],
      ['u one', 5],
    ])
    expect(order).toEqual(['t one', 'u one', 't two', 't one'])
  })

  it('A request beyond the queue limit of its owner is refused, and no other owner is', async () => {
    const queue = open(2)
    const ask = (owner: string) => queue.run({ owners: [owner] }, () => setTimeout(5, owner))
    const answers = await Promise.allSettled([ask('a'), ask('a'), ask('a'), ask('a'), ask('b')])
    expect(answers.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    ])
  })

  it('The queue continues after a request that failed', async () => {
    const queue = open()
    const failing = queue.run({ owners: ['a'] }, () => {
      throw new Error('Failed')
    })
    await expect(failing).rejects.toThrow('Failed')
    expect(await queue.run({ owners: ['a'] }, async () => 1)).toBe(1)
  })

  it('A request whose client has left never starts', async () => {
    const queue = open()
    const left = new AbortController()
    let begun = 0
    const work = async () => {
      begun += 1
    }
    const first = queue.run({ owners: ['a'] }, () => setTimeout(20))
    const second = queue.run({ owners: ['a'], signal: left.signal }, work)
    left.abort()
    await expect(second).rejects.toMatchObject({ code: 'client_closed' })
    await first
    await expect(queue.run({ owners: ['a'], signal: left.signal }, work)).rejects.toThrow()
    expect(begun).toBe(0)
  })
})
