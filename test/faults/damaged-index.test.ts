import { closeSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { eventually, type House, openHouse } from '../test-server.ts'
import { collectLog } from './log-lines.ts'
import { damageNames, damages } from './torn-files.ts'

const indexFile = (house: House): string => join(house.folder, 'search.db')

async function openIndexedHouse() {
  const log = collectLog()
  const house = await openHouse({ outside: { writeLog: log.write } })
  const { key } = await house.makeKey({ rate_limit: { requests_per_minute: 1_000_000 } })
  for (let count = 0; count < 30; count++) {
    const body = {
      from: 'a@example.com',
      to: 'b@example.com',
      subject: `s ${count}`,
      text: 'needle',
    }
    await house.reply('POST /v1/send', { key, body })
  }
  await house.relay.idle()
  return { log, house }
}

const found = async (house: House): Promise<number> =>
  (await house.reply('GET /v1/inbox', { query: { query: 'needle', limit: 100 } })).data.length

/** Lists and messages at once; searches once the index is whole again. */
async function expectHealed(house: House): Promise<void> {
  const { data, counts } = await house.reply('GET /v1/inbox', { query: { limit: 100 } })
  expect([data.length, counts.total]).toEqual([30, 30])
  const message = await house.reply('GET /v1/inbox/{id}', { params: { id: data[0]?.id ?? '' } })
  expect(message.snippet).toContain('needle')
  await eventually(async () => ((await found(house)) === 30 ? true : undefined))
  expect((await house.reply('GET /v1/storage')).index_percent).toBe(100)
  expect(statSync(indexFile(house)).mode & 0o777).toBe(0o600)
}

it.each(damageNames)('a start with a search.db %s makes it again, and says so', async (name) => {
  const { log, house } = await openIndexedHouse()
  await house.restart({}, () => damages[name](indexFile(house)))
  await expectHealed(house)
  await house.relay.idle()
  // A file that is missing is no damage: it may be deleted at any time.
  expect(log.sentences()).toEqual(
    name === 'that is missing'
      ? []
      : [
          expect.stringMatching(/search\.db was damaged or gone and is made again/),
          'The search index is complete again',
        ],
  )
  const aside = readdirSync(house.folder).filter((file) => file.includes('search.db.broken'))
  expect(aside).toHaveLength(name === 'that is a folder' ? 1 : 0)
})

/** Over every page but the first, so that it still opens; the log goes the same way. */
function overwrite(file: string): void {
  for (const path of [file, `${file}-wal`]) {
    const { size } = statSync(path)
    const handle = openSync(path, 'r+')
    const piece = Buffer.alloc(4096, 0xff)
    const from = path === file ? 4096 : 0
    for (let at = from; at < size; at += piece.length) {
      writeSync(handle, piece, 0, Math.min(piece.length, size - at), at)
    }
    closeSync(handle)
  }
}

const accidents: Readonly<Record<string, (house: House) => void>> = {
  'is overwritten': (house) => overwrite(indexFile(house)),
  'is deleted': (house) => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(indexFile(house) + suffix, { force: true })
  },
}

it.each(Object.keys(accidents))(
  'a search.db that %s under a running server is made again, while lists and messages work',
  async (accident) => {
    const { log, house } = await openIndexedHouse()
    // A fresh start has read nothing of the index yet.
    await house.restart()
    await house.relay.idle()
    accidents[accident]?.(house)
    await found(house)
    await expectHealed(house)
    expect(log.sentences()[0]).toMatch(/search\.db was damaged or gone and is made again/)
    expect(log.sentences()).not.toContain(expect.stringContaining('mailsage.db is damaged'))
    expect((await house.request('GET /health')).status).toBe(200)
  },
)
