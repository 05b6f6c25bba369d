import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLog } from '../../src-main/base/log.ts'
import { createDisposer } from '../../src-main/server/disposer.ts'

const endless = { close: () => new Promise<void>(() => undefined) }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function open() {
  const lines: string[] = []
  const closing = createDisposer(createLog('error', (line) => lines.push(line)))
  /** The duration of the end, in ms. */
  const end = async (): Promise<number> => {
    const started = performance.now()
    let isOver = false
    const closed = closing.close().finally(() => {
      isOver = true
    })
    closed.catch(() => undefined)
    while (!isOver) await vi.advanceTimersByTimeAsync(10)
    await closed
    return performance.now() - started
  }
  return { keep: closing.keep, end, lines }
}

describe('The closing of the server', () => {
  it('The parts end in reverse order, without a wait when none hangs', async () => {
    const { keep, end, lines } = open()
    const order: string[] = []
    for (const name of ['ground', 'testServer', 'roof']) {
      keep({ close: async () => order.push(name) }, name)
    }
    expect(await end()).toBeLessThan(100)
    expect(order).toEqual(['roof', 'testServer', 'ground'])
    expect(lines).toEqual([])
  })

  it('A part that does not end is named in the log, and the others end', async () => {
    const { keep, end, lines } = open()
    const ground = keep({ close: vi.fn() }, 'ground')
    keep(endless, 'webhooks')
    await end()
    expect(ground.close).toHaveBeenCalledOnce()
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('does not end: webhooks')
  })

  it('Closing takes less than ten seconds when every part hangs', async () => {
    const { keep, end, lines } = open()
    for (let part = 0; part < 25; part++) keep(endless, `part ${part}`)
    expect(await end()).toBeLessThan(10_000)
    expect(lines).toHaveLength(25)
  })

  it('Closing continues after a part that fails, and reports the failure at the end', async () => {
    const { keep, end } = open()
    const ground = keep({ close: vi.fn() }, 'ground')
    keep({ close: () => Promise.reject(new Error('The roof is stuck')) }, 'roof')
    await expect(end()).rejects.toThrow('The roof is stuck')
    expect(ground.close).toHaveBeenCalledOnce()
  })
})
