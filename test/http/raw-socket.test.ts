import { connect, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startTestServer } from '../test-server.ts'

const testServer = await startTestServer()
const { key } = await testServer.makeKey()
const { httpPort } = testServer.server
const common = `Host: 127.0.0.1:${httpPort}\r\nContent-Type: application/json\r\n`
const withKey = `${common}Authorization: Bearer ${key}\r\n`

type RawAnswer = { readonly status: number; readonly text: string; readonly body: unknown }

/** Writes bytes and reads until the server closes or `enough` is satisfied. */
function talk(
  write: (socket: Socket) => void,
  enough = (text: string) => isWhole(text),
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(httpPort, '127.0.0.1', () => write(socket))
    let text = ''
    const finish = () => {
      socket.destroy()
      const [, status = '0'] = /^HTTP\/1\.1 (\d+)/.exec(text) ?? []
      resolve({ status: Number(status), text, body: bodyOf(text) })
    }
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      text += chunk
      if (enough(text)) finish()
    })
    socket.on('end', finish)
    // A server may reset a request that it has already refused.
    socket.on('error', (error) => (text === '' ? reject(error) : finish()))
  })
}

/** The JSON of a single answer. */
function bodyOf(text: string): unknown {
  const [json = '', ...others] = text.split('\r\n\r\n').slice(1)
  return others.length === 0 && json.startsWith('{') ? JSON.parse(json) : null
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  const [, length] = /^content-length: (\d+)/im.exec(text) ?? []
  return end > 0 && length !== undefined && Buffer.byteLength(text.slice(end + 4)) >= Number(length)
}

const say = (text: string) => talk((socket) => void socket.write(text))

describe('A request that is not valid HTTP', () => {
  it.each([
    ['another protocol', 'EHLO there\r\n\r\n'],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
    ['an unknown method', 'FLY /v1/send HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['a header without a colon', 'GET /health HTTP/1.1\r\nHost localhost\r\n\r\n'],
    ['a space in a header name', 'GET /health HTTP/1.1\r\nHost : localhost\r\n\r\n'],
    ['an unknown version', 'GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n'],
    [
      'a control character in a header',
      'GET /health HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\n\r\n',
    ],
    [
      'a length that is no number',
      `POST /v1/send HTTP/1.1\r\n${withKey}Content-Length: many\r\n\r\n`,
    ],
    [
      'two lengths',
      `POST /v1/send HTTP/1.1\r\n${withKey}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    ],
    [
      'a length and chunks',
      `POST /v1/send HTTP/1.1\r\n${withKey}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`,
    ],
    [
      'a chunk without a size',
      `POST /v1/send HTTP/1.1\r\n${withKey}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    ],
  ])('A request of %s is refused in a sentence', async (_, text) => {
    const { status, body } = await say(text)
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: { code: 'invalid_request' },
      statusCode: 400,
      request_id: expect.stringMatching(/^req_/),
    })
  })

  it('Headers of more than 16 KiB are refused', async () => {
    const { status, body } = await say(
      `GET /health HTTP/1.1\r\n${common}X-Filler: ${'x'.repeat(20_000)}\r\n\r\n`,
    )
    expect(status).toBe(431)
    expect(body).toMatchObject({ error: { code: 'headers_too_large' } })
  })

  it('A URL of more than 16 KiB is refused', async () => {
    const { status } = await say(`GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${common}\r\n`)
    expect([414, 431]).toContain(status)
  })

  it.each(['', 'Host:\r\n'])('A request without a host name is refused: “%s”', async (host) => {
    const { status, body } = await say(`GET /health HTTP/1.1\r\n${host}Connection: close\r\n\r\n`)
    expect(status).toBe(403)
    expect(body).toMatchObject({ error: { code: 'host_not_allowed' } })
  })

  it.each(['%ff', '%', '%zz', '%c0%af'])(
    'A URL with the invalid escape %s is refused',
    async (part) => {
      const { status, body } = await say(`GET /v1/emails/${part} HTTP/1.1\r\n${withKey}\r\n`)
      expect(status).toBe(400)
      expect(body).toMatchObject({ error: { code: 'invalid_request' } })
    },
  )
})

describe('The refusal of a body before it arrives', () => {
  const head = (line: string, headers: string, length: number) =>
    `${line} HTTP/1.1\r\n${headers}Content-Length: ${length}\r\n\r\n`

  it.each([
    ['without a key', 'POST /v1/send', common, 1000, 401],
    [
      'with a wrong key',
      'POST /api/v1/emails/send',
      `${common}Authorization: Bearer x\r\n`,
      1000,
      401,
    ],
    ['without the permission', 'POST /v1/relays', withKey, 1000, 403],
    ['that is too large for a message', 'POST /v1/send', withKey, 41 * 1024 * 1024, 413],
    [
      'that is too large for the rest',
      'PATCH /v1/inbox',
      `${common}Authorization: Bearer ${testServer.server.consoleKey}\r\n`,
      1024 * 1024 + 1,
      413,
    ],
  ] as const)(
    'A body %s is refused before it arrives',
    async (_, line, headers, length, expected) => {
      const { status } = await say(head(line, headers, length))
      expect(status).toBe(expected)
    },
  )

  it('A body of unknown length is refused as soon as it exceeds the limit', async () => {
    // More than 1 MiB, and no end. A client that went on writing could be reset before it reads.
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`
    const { status, body } = await say(
      `PATCH /v1/inbox HTTP/1.1\r\n${common}Authorization: Bearer ${testServer.server.consoleKey}\r\n` +
        `Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(17)}`,
    )
    expect(status).toBe(413)
    expect(body).toMatchObject({ error: { code: 'message_too_large' } })
  })
})

describe('The transfer of a body', () => {
  it('A body that ends before its length stores no message and disturbs no other request', async () => {
    const before = await testServer.reply('GET /v1/emails')
    const closed = new Promise<void>((resolve) => {
      const socket = connect(httpPort, '127.0.0.1', () => {
        socket.end(`POST /v1/send HTTP/1.1\r\n${withKey}Content-Length: 500\r\n\r\n{"from":`)
        socket.resume()
      })
      socket.on('close', () => resolve())
    })
    await closed
    expect((await testServer.reply('GET /v1/emails')).pagination).toEqual(before.pagination)
  })

  it('A body may arrive in chunks of one byte', async () => {
    const mail = JSON.stringify({
      from: 'a@example.com',
      to: 'b@example.com',
      subject: 'é',
      text: 'x',
    })
    const { status } = await talk((socket) => {
      socket.write(`POST /v1/send HTTP/1.1\r\n${withKey}Transfer-Encoding: chunked\r\n\r\n`)
      for (const byte of Buffer.from(mail)) {
        socket.write('1\r\n')
        socket.write(Buffer.from([byte]))
        socket.write('\r\n')
      }
      socket.write('0\r\n\r\n')
    })
    expect(status).toBe(202)
  })

  it('A client may wait for “100 Continue” before its body', async () => {
    const mail = JSON.stringify({
      from: 'a@example.com',
      to: 'b@example.com',
      subject: 'x',
      text: 'x',
    })
    const { text } = await talk(
      (socket) => {
        socket.write(
          `POST /v1/send HTTP/1.1\r\n${withKey}Expect: 100-continue\r\nContent-Length: ${mail.length}\r\n\r\n`,
        )
        socket.once('data', () => socket.write(mail))
      },
      (read) => read.includes('"queued"'),
    )
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 202/)
  })
})

it.each([
  ['Host', `GET /v1/session HTTP/1.1\r\n${withKey}HOST: localhost\r\n\r\n`],
  ['Authorization', `GET /v1/session HTTP/1.1\r\n${withKey}authorization: Bearer x\r\n\r\n`],
])('A request with two %s fields is refused with 400', async (name, text) => {
  const { status, body } = await say(text)
  expect(status).toBe(400)
  const message = `The request has more than one ${name} field. Send one.`
  expect(body).toMatchObject({ error: { code: 'invalid_request', message } })
})

it('Pipelined requests are answered in order', async () => {
  const one = `GET /v1/session HTTP/1.1\r\n${withKey}\r\n`
  const last = `GET /v1/nothing HTTP/1.1\r\n${withKey}Connection: close\r\n\r\n`
  const { text } = await talk(
    (socket) => void socket.write(one + one + last),
    () => false,
  )
  expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
    '200',
    '200',
    '404',
  ])
})

it('Silent clients delay no other client', async () => {
  const silent = Array.from({ length: 50 }, () => connect(httpPort, '127.0.0.1'))
  for (const socket of silent) socket.write('POST /v1/send HTTP/1.1\r\nHost: localhost\r\n')
  expect((await testServer.ask('GET', '/health')).status).toBe(200)
  for (const socket of silent) socket.destroy()
})

it('Headers that never end are refused with 408', { timeout: 30_000 }, async () => {
  const { status, body } = await say('GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
  expect(status).toBe(408)
  expect(body).toMatchObject({ error: { code: 'request_timeout' } })
})
