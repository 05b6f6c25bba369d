import { describe, expect, it } from 'vitest'
import { hourMs, minuteMs, openClockFixture, pass, send, steps } from './clock-fixture.ts'

describe.each(steps)('A clock that is set %s', (_name, ms) => {
  it('A wait finds a message that was sent just before, and no older one', async () => {
    const here = await openClockFixture({}, { permissions: ['send', 'inbox:read'] })
    const wait = () =>
      here.testServer.request('GET /v1/inbox/wait', { key: here.key, query: { timeout: 0 } })
    await send(here, 'old')
    await pass(here, minuteMs)
    here.clock.step(ms)
    expect((await wait()).status).toBe(408)
    here.clock.step(-ms)
    await send(here, 'new')
    here.clock.step(ms)
    const { status, body } = await wait()
    expect(status).toBe(200)
    expect(body).toMatchObject({ subject: 'new' })
  })

  it('Every message keeps its place in pages and in searches by time', async () => {
    const here = await openClockFixture()
    const start = here.clock.now()
    const sent: string[] = []
    const sendSome = async (label: string) => {
      for (let number = 0; number < 3; number++) {
        sent.unshift(`${label}${number}`)
        await send(here, `${label}${number}`)
        await pass(here, minuteMs)
      }
    }
    await sendSome('right')
    await pass(here, 2 * hourMs)
    here.clock.step(ms)
    await sendSome('wrong')
    here.clock.step(-ms)
    await sendSome('again')
    const paged: string[] = []
    let before: string | undefined
    do {
      const query = { limit: 2, ...(before === undefined ? {} : { before }) }
      const { data } = await here.testServer.reply('GET /v1/inbox', { query })
      paged.push(...data.map(({ subject }) => subject))
      before = data.at(-1)?.id
    } while (before !== undefined)
    expect(paged).toEqual(sent)
    expect(new Set(paged).size).toBe(9)

    const search = async (query: string) =>
      (await here.testServer.reply('GET /v1/inbox', { query: { query, limit: 100 } })).data
    const all = await search('')
    const border = here.clock.now() - hourMs
    const expected = all.filter((row) => Date.parse(row.received_at) >= border)
    const after = await search('after:1h')
    expect(after.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
    const earlier = await search('before:1h')
    expect(earlier.length + after.length).toBe(9)

    const span = (from: number, to: number) => ({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      limit: 100,
    })
    const logged = async (from: number, to: number) =>
      (
        await here.testServer.reply('GET /v1/logs', {
          query: { ...span(from, to), type: 'request' },
        })
      ).data.length
    const wrong = start + 2 * hourMs + 3 * minuteMs + ms
    // Every request is logged with the time of its write.
    expect(await logged(wrong - 1000, wrong + 3 * minuteMs)).toBeGreaterThanOrEqual(2)
    expect(await logged(start - 1000, start + hourMs)).toBeGreaterThanOrEqual(3)
  })
})
