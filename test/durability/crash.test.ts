import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReadOnly } from '../../src-main/storage/database.ts'
import { until } from '../wait-for.ts'
import { startLoad } from './load.ts'
import { type ServerProcess, startProcess } from './server-process.ts'

type Page = {
  readonly data: readonly { readonly id: string; readonly subject: string }[]
  readonly counts: { readonly total: number; readonly unread: number }
  readonly has_more: boolean
}

const admin = 'crash-test-admin-key'
const rounds = 3
const answersBeforeCrash = 150

let folder = ''
const acknowledged: { smtp: string[]; http: string[] } = { smtp: [], http: [] }
let server: ServerProcess

async function everyMessage(query = ''): Promise<{ subjects: string[]; counts: Page['counts'] }> {
  const subjects: string[] = []
  let before = ''
  for (;;) {
    const page = await server.request<Page>(`GET /v1/inbox?limit=100${query}${before}`, admin)
    subjects.push(...page.data.map(({ subject }) => subject))
    const last = page.data.at(-1)
    if (!page.has_more || !last) return { subjects, counts: page.counts }
    before = `&before=${last.id}`
  }
}

describe('A crash under load by kill -9', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mailsage-crash-'))
    server = await startProcess(folder, { API_KEY: admin })
    const { key } = await server.request<{ key: string }>('POST /v1/api-keys', admin, {
      name: 'load',
      mode: 'test',
      permissions: ['send'],
      rate_limit: { requests_per_minute: 1_000_000 },
    })
    for (let round = 0; round < rounds; round += 1) {
      const load = startLoad(server, key, round)
      const { smtp, http } = load.acknowledged
      await until('HTTP and SMTP under load', () =>
        [smtp, http].every(({ length }) => length >= answersBeforeCrash),
      )
      await server.crash()
      await load.over
      acknowledged.smtp.push(...smtp)
      acknowledged.http.push(...http)
      server = await startProcess(folder, { API_KEY: admin })
    }
  }, 60_000)

  afterAll(async () => {
    await server.terminate()
    rmSync(folder, { recursive: true, force: true })
  })

  test('Every message that was answered with 250 or 202 is stored exactly once', async () => {
    const { subjects } = await everyMessage()
    const there = new Set(subjects)
    expect(there.size).toBe(subjects.length)
    expect(acknowledged.smtp.filter((subject) => !there.has(subject))).toEqual([])
    expect(acknowledged.http.filter((subject) => !there.has(subject))).toEqual([])
    expect(acknowledged.smtp.length + acknowledged.http.length).toBeGreaterThanOrEqual(
      rounds * 2 * answersBeforeCrash,
    )
  })

  test('The counters of the inbox match its rows', async () => {
    const { subjects, counts } = await everyMessage()
    expect(counts).toEqual({ total: subjects.length, unread: subjects.length })
    const { data } = await server.request<{ data: unknown }>('GET /v1/inboxes', admin)
    expect(data).toEqual([{ name: 'default', total: subjects.length, unread: subjects.length }])
  })

  test('Search finds every message, also those that were not indexed before the crash', async () => {
    const { subjects } = await everyMessage()
    await until('every message indexed', async () => {
      const found = await everyMessage('&query=underload')
      return found.subjects.length === subjects.length
    })
    const last = acknowledged.smtp.at(-1)
    const { subjects: one } = await everyMessage(`&query=${last}`)
    expect(one).toContain(last)
  })

  test('The database is intact and its events match its rows', async () => {
    const database = openReadOnly(folder)
    try {
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
      expect(database.pragma('foreign_key_check')).toEqual([])
      const counted = database
        .prepare(`
          SELECT (SELECT count(*) FROM messages) AS messages,
            (SELECT count(*) FROM bodies) AS bodies,
            (SELECT count(*) FROM events WHERE type = 'captured') AS captured
        `)
        .get() as { messages: number; bodies: number; captured: number }
      expect(counted.bodies).toBe(counted.messages)
      expect(counted.captured).toBe(counted.messages)
    } finally {
      database.close()
    }
  })
})
