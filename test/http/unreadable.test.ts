import { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { addRelay, openSink, submit } from '../delivery/live-fixture.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer, type TestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

// The work under test is slow by design, and slower beside other tests.
vi.setConfig({ testTimeout: 60_000 })

/** Reading this takes more than a second of a processor; the other mails take some hundredths. */
const slowMail = [
  'From: Slow <slow@example.com>',
  'To: ann@example.com',
  'Subject: A slow letter',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  ...Array.from({ length: 9 }, () => `--b\nContent-Type: text/html\n\n${'<p></p>'.repeat(68_000)}`),
  '--b--',
].join('\n')

const limits = { maxMessageMs: 300, maxMemoryMb: 512 }
const mail = (subject: string, text: string) =>
  `From: bob@example.com\nTo: ann@example.com\nSubject: ${subject}\nContent-Type: text/html\n\n<p>${text}, <a href="https://example.com/${text}">go</a></p>\n`

async function take(testServer: TestServer, raw: string): Promise<string> {
  const body = Buffer.from(raw)
  const headers = { 'content-type': 'message/rfc822' }
  const answer = await testServer.ask('POST', '/v1/inbox/import', { body, headers })
  return (answer.body as { id: string }).id
}

const parts = ['text', 'html', 'structure', 'extract', 'attachments/0'] as const
const open = (testServer: TestServer, id: string, part: string) =>
  testServer.ask('GET', `/v1/inbox/${id}/${part}`)

async function subjectsOf(testServer: TestServer, query: string): Promise<string[]> {
  const { data } = await testServer.reply('GET /v1/inbox', { query: { query } })
  return data.map(({ subject }) => subject)
}

describe.each([
  ['takes too long', limits, 'too long'],
  ['takes too much memory', { maxMessageMs: 60_000, maxMemoryMb: 16 }, 'memory'],
])('A message that %s to read', (_, readingLimits, reason) => {
  it('Every other message is found, waited for and opened', async () => {
    const testServer = await startTestServer({ environment: { readingLimits } })
    void testServer.expectLog(/could not be read/)
    const before = await take(testServer, mail('Before', 'winter'))
    const id = await take(testServer, slowMail)
    const after = await take(testServer, mail('After', 'spring'))
    const waited = testServer.reply('GET /v1/inbox/wait', {
      query: { query: 'spring', timeout: 60 },
    })
    const opened = await Promise.all([
      open(testServer, id, 'text'),
      ...[before, after].flatMap((one) =>
        ['text', 'html', 'structure', 'extract'].map((part) => open(testServer, one, part)),
      ),
    ])
    expect(opened.map(({ status }) => status)).toEqual([422, ...Array(8).fill(200)])
    expect((await waited).id).toBe(after)
    await testServer.server.idle()
    expect(await subjectsOf(testServer, 'winter')).toEqual(['Before'])
    expect(await subjectsOf(testServer, 'spring')).toEqual(['After'])
    expect(id).toMatch(/^msg_/)
  })

  it('The message is listed and found by its header, gives the reason, and has its raw source', async () => {
    const testServer = await startTestServer({ environment: { readingLimits } })
    void testServer.expectLog(/could not be read/)
    const id = await take(testServer, slowMail)
    const waited = await testServer.reply('GET /v1/inbox/wait', {
      query: { query: 'from:slow', timeout: 60 },
    })
    expect(waited).toMatchObject({ id, links: [], codes: [] })
    await testServer.server.idle()
    const params = { id }
    for (let start = 0; start < 2; start++) {
      const detail = await testServer.reply('GET /v1/inbox/{id}', { params })
      expect(detail).toMatchObject({
        snippet: '',
        has_html: false,
        has_text: false,
        attachment_list: [],
      })
      expect(detail.problem).toMatch(
        /^This message could not be read: .*Its raw source is complete/,
      )
      expect(detail.problem).toContain(reason)
      await testServer.restart()
    }
    for (const part of parts) {
      expect(expectRefusal(await open(testServer, id, part), 'message_unreadable')).toContain(
        reason,
      )
    }
    expectRefusal(
      await testServer.request('POST /v1/inbox/{id}/view', { params, body: {} }),
      'message_unreadable',
    )
    expect((await open(testServer, id, 'raw')).bytes.equals(Buffer.from(slowMail))).toBe(true)
    expect((await testServer.reply('GET /v1/inbox/{id}/headers', { params })).data).toHaveLength(4)
    expect(
      (await testServer.reply('PATCH /v1/inbox/{id}', { params, body: { read: true } })).read,
    ).toBe(true)
    expect(await subjectsOf(testServer, 'from:slow')).toEqual(['A slow letter'])
  })

  it('The message is read once, and not again after the next start', async () => {
    const testServer = await startTestServer({ environment: { readingLimits } })
    void testServer.expectLog(/could not be read/)
    await take(testServer, slowMail)
    await testServer.server.idle()
    const asked = vi.spyOn(Worker.prototype, 'postMessage')
    onTestFinished(() => asked.mockRestore())
    await testServer.restart()
    await take(testServer, mail('Later', 'summer'))
    await testServer.server.idle()
    const types = asked.mock.calls.map(([{ request }]) => request.type)
    expect(types).not.toContain('index-one')
    expect(await subjectsOf(testServer, 'summer')).toEqual(['Later'])
  })
})

describe('A live message that cannot be read', () => {
  it('The message is refused when it is opened, and keeps its record', async () => {
    const clock = createTestClock()
    const testServer = await startTestServer({ environment: { readingLimits: limits, clock } })
    const { id: keyId, key } = await testServer.makeKey({
      mode: 'live',
      permissions: ['send', 'logs:read'],
    })
    const live = { testServer, clock, key, keyId }
    const sink = await openSink()
    await addRelay(live, sink)
    expect((await submit(live, { raw: slowMail.replaceAll('\n', '\r\n') })).code).toBe(250)
    const { data } = await testServer.reply('GET /v1/emails', { key })
    const [{ id, subject } = { id: '', subject: '' }] = data
    expect(subject).toBe('A slow letter')
    for (const part of ['content', 'text', 'content']) {
      expectRefusal(
        await testServer.ask('GET', `/v1/emails/${id}/${part}`, { key }),
        'message_unreadable',
      )
    }
    expect((await testServer.ask('GET', `/v1/emails/${id}/raw`, { key })).status).toBe(200)
  })
})

describe('The threads that read mail', () => {
  it('A thread may be killed at any time: the next thread does its work', async () => {
    const testServer = await startTestServer()
    const id = await take(testServer, mail('Killed', 'autumn'))
    const workers = new Set<Worker>()
    const asked = vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (
      this: Worker,
      ...args: Parameters<Worker['postMessage']>
    ) {
      workers.add(this)
      return post.apply(this, args)
    })
    onTestFinished(() => asked.mockRestore())
    for (let round = 0; round < 3; round++) {
      const opened = Promise.all(
        ['structure', 'extract', 'text'].map((part) => open(testServer, id, part)),
      )
      await take(testServer, mail(`Round ${round}`, `leaf${round}`))
      for (const worker of workers) void worker.terminate()
      expect((await opened).map(({ status }) => status)).toEqual([200, 200, 200])
    }
    await testServer.server.idle()
    expect(await subjectsOf(testServer, 'leaf2')).toEqual(['Round 2'])
  })
})

const post = Worker.prototype.postMessage
