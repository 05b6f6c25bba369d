import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { startProcess } from '../durability/server-process.ts'
import { createExchange } from '../http-client.ts'
import { whenOver } from '../test-server.ts'
import { until } from '../wait-for.ts'

const folder = mkdtempSync(join(tmpdir(), 'mailsage-bodies-'))
const server = await startProcess(folder, { LOG_LEVEL: 'error' })
const rate_limit = { requests_per_minute: 1_000_000 }
const permissions = ['send', 'templates:read', 'templates:write', 'inbox:read', 'inbox:write']
const { key } = await server.request<{ key: string }>('POST /v1/api-keys', server.consoleKey, {
  ...{ name: 'Hostile', mode: 'test', permissions, rate_limit },
})
const honest = startHonestClient()
const exchange = createExchange(server.url)
whenOver(async () => {
  exchange.close()
  await honest.stop()
  await server.terminate()
  rmSync(folder, { recursive: true, force: true })
})

/** A client on a thread of its own, which measures the longest wait for an answer. */
function startHonestClient() {
  const source = `
    const { parentPort, workerData } = require('node:worker_threads')
    const { Agent, get } = require('node:http')
    const agent = new Agent({ keepAlive: true })
    let worst = 0
    parentPort.on('message', () => {
      parentPort.postMessage(worst)
      worst = 0
    })
    function ask() {
      const startedAt = performance.now()
      get(workerData.url, { agent, headers: workerData.headers }, (answer) => {
        answer.resume()
        answer.on('end', () => {
          worst = Math.max(worst, performance.now() - startedAt)
          setTimeout(ask, 3)
        })
      })
    }
    ask()`
  const headers = { authorization: `Bearer ${server.consoleKey}` }
  const worker = new Worker(source, {
    eval: true,
    workerData: { url: `${server.url}/v1/session`, headers },
  })
  return {
    worstMs: () =>
      new Promise<number>((resolve) => {
        worker.once('message', resolve)
        worker.postMessage('worst')
      }),
    stop: () => worker.terminate(),
  }
}

const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
const megabytes = 1_000_000
/** The request's fields with one more, written down as it is: it need not be made in memory. */
const withField = (name: string, value: string): string =>
  `${JSON.stringify(mail).slice(0, -1)},"${name}":${value}}`
const list = (piece: string, bytes: number): string =>
  `[${Array(Math.floor(bytes / (piece.length + 1)))
    .fill(piece)
    .join(',')}]`
const names = (bytes: number): string =>
  Array.from({ length: Math.floor(bytes / 14) }, (_, number) => `"x${number}":"a"`).join(',')
const long = (bytes: number, piece = 'x'): string =>
  JSON.stringify(piece.repeat(bytes / piece.length))

const send = 'POST /v1/send'
const cases: readonly (readonly [string, string, string])[] = [
  ['a list of addresses in one text', send, withField('to', long(30 * megabytes, 'a@b.co,'))],
  ['a list of lists of addresses', send, withField('to', list(long(35_000, 'a@b.co,'), 3e7))],
  ['a list of numbers as recipients', send, withField('to', list('1', 30 * megabytes))],
  ['many @ signs', send, withField('to', long(30 * megabytes, '@'))],
  ['many groups', send, withField('cc', long(30 * megabytes, 'a:'))],
  ['a source route', send, withField('bcc', `"<${'@a,'.repeat(10 * megabytes)}:a@b.co>"`)],
  ['a source route of 250 KB', send, withField('bcc', `"<${'@a,'.repeat(80_000)}:a@b.co>"`)],
  ['many @ signs of 250 KB', send, withField('to', long(250_000, '@'))],
  ['a long sender', send, withField('from', long(30 * megabytes))],
  ['a long subject', send, withField('subject', long(30 * megabytes))],
  ['many header fields', send, withField('headers', `{${names(30 * megabytes)}}`)],
  ['many fields that nobody knows', send, `{${names(30 * megabytes)}}`],
  ['metadata of small objects', send, withField('metadata', `{"a":${list('{}', 3e7)}}`)],
  ['template data of small lists', send, withField('template_data', `{"a":${list('[]', 3e7)}}`)],
  ['many tags', send, withField('tags', list('""', 30 * megabytes))],
  ['many attachments', send, withField('attachments', list('{"content":""}', 3e7))],
  ['a long file name', send, withField('attachments', `[{"filename":${long(30 * megabytes)}}]`)],
  ['a long time', send, withField('scheduled_at', `"2026-01-15T10:30:00.${'0'.repeat(3e7)}Z"`)],
  ['a name of a field', send, `{"${'x'.repeat(30 * megabytes)}":1}`],
  ['many recipients of a job', 'POST /api/v1/emails/batch', `{"recipients":${list('{}', 3e7)}}`],
  ['data of a preview', 'POST /v1/templates/preview', `{"data":{"a":${list('{}', 900_000)}}}`],
  ['many ids', 'POST /v1/inbox/delete', `{"ids":${list('"a"', 900_000)}}`],
]

it.each(cases)('A body with %s delays no other client', async (_, line, text) => {
  const [method = '', path = ''] = line.split(' ')
  const body = Buffer.from(text)
  const headers = { 'content-type': 'application/json' }
  await pause(100)
  const calmMs = await honest.worstMs()
  // The client may still be writing when the connection of the refusal is closed.
  const answer = await exchange.send(method, path, { key, body, headers }).catch(() => null)
  if (answer) expect([400, 413]).toContain(answer.status)
  // A busy machine is late without the load.
  expect(await honest.worstMs()).toBeLessThan(Math.max(300, 5 * calmMs))
})

// The first test, since large messages of others leave memory with the allocator.
it('A body of many small values keeps no memory', async () => {
  const residentBytes = async (): Promise<number> => {
    const text = await (await fetch(`${server.url}/metrics`)).text()
    return Number(/^mailsage_resident_memory_bytes (\d+)$/m.exec(text)?.[1])
  }
  const before = await residentBytes()
  const body = Buffer.from(withField('metadata', `{"a":${list('{}', 36 * megabytes)}}`))
  const headers = { 'content-type': 'application/json' }
  await Promise.all(
    Array.from({ length: 6 }, () =>
      exchange.send('POST', '/v1/send', { key, body, headers }).catch(() => null),
    ),
  )
  const isBack = async () => (await residentBytes()) - before < 100 * megabytes
  await until('the memory to be given back', isBack, 10_000)
})

describe('The size limits of a body', () => {
  const expectTaken = async (path: string, body: object) => {
    const answer = await exchange.send('POST', path, { key, body })
    expect(answer.status, answer.text).toBe(202)
  }
  const person = (number: number): string => `Person Number ${number} <person${number}@example.com>`
  const people = Array.from({ length: 1000 }, (_, number) => person(number))

  it('A body may have 1000 recipients with names, as a list and as one text', async () => {
    for (const to of [people, people.join(', ')]) await expectTaken('/v1/send', { ...mail, to })
  })

  it('A body may have attachments of 17 MiB in base64 with line breaks, beside HTML of 1 MiB', async () => {
    const content = Buffer.alloc(17 * 1024 * 1024, 7)
      .toString('base64')
      .replace(/.{76}/g, '$&\r\n')
    const html = '<p class="x">Hello</p>\n'.repeat(45_000)
    const body = { ...mail, html, attachments: [{ filename: 'a.bin', content }] }
    await expectTaken('/v1/send', body)
  })

  it('A body may have template data and metadata of the documented size', async () => {
    const metadata = { note: 'x'.repeat(8000) }
    const template_data = { rows: Array(2000).fill({ name: 'Ann', total: 12.5, url: 'https://a' }) }
    const body = { ...mail, metadata, template_data }
    await expectTaken('/v1/send', body)
  })

  it('A job may have 10,000 recipients with 15 variables each', async () => {
    const variables = Object.fromEntries(
      Array.from({ length: 15 }, (_, number) => [`name_${number}`, `A value ${number}`]),
    )
    const recipients = Array.from({ length: 10_000 }, (_, number) => ({
      email: `person${number}@example.com`,
      variables,
    }))
    const content = { subject: 'Hello', body: 'Hello {{name_1}}' }
    await expectTaken('/api/v1/emails/batch', { ...content, recipients })
  })
})
