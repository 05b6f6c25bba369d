import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src-main/base/clock.ts'
import { createConnections } from '../../src-main/http/connections.ts'
import { openFeed } from '../http/event-reader.ts'
import { createExchange } from '../http-client.ts'
import { startTestServer, type TestServer, whenOver } from '../test-server.ts'
import { until } from '../wait-for.ts'

const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
const half = 'POST /v1/send HTTP/1.1\r\nHost: localhost\r\nX-Half: '

/** A client that never closes its side, and detects that the server has destroyed the connection. */
async function hold(testServer: TestServer, text: string): Promise<Socket> {
  const socket = connect({
    port: testServer.server.httpPort,
    host: '127.0.0.1',
    allowHalfOpen: true,
  })
  socket.on('error', () => undefined)
  whenOver(() => socket.destroy())
  await once(socket, 'connect')
  socket.write(text)
  return socket
}

async function holdMany(testServer: TestServer, count: number, text: string): Promise<Socket[]> {
  const all: Socket[] = []
  while (all.length < count) {
    const batch = Array.from({ length: Math.min(100, count - all.length) }, () =>
      hold(testServer, text),
    )
    all.push(...(await Promise.all(batch)))
  }
  return all
}

/** Sends over a new connection. */
async function sendAnew(testServer: TestServer, key: string): Promise<number> {
  const exchange = createExchange(testServer.url)
  try {
    return (await exchange.send('POST', '/v1/send', { key, body: mail })).status
  } finally {
    exchange.close()
  }
}

/** Bytes to a destroyed connection are answered with a reset. */
const isGone = (socket: Socket) => () =>
  socket.destroyed || (!socket.write('x') && socket.destroyed)

describe('A connection after its final response', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['after 400, when it is not HTTP', 'EHLO there\r\n\r\n', /^HTTP\/1\.1 400/],
    [
      'after 431, when the headers are too large',
      `GET /health HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431/,
    ],
    ['after 408, when the headers never end', half, /^HTTP\/1\.1 408/],
    [
      'after an answer that the client asked to be the last',
      'GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      /^HTTP\/1\.1 200/,
    ],
    [
      'after 413, when the body is not read',
      'PATCH /v1/inbox HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer KEY\r\nContent-Length: 9999999\r\n\r\n{',
      /^HTTP\/1\.1 413/,
    ],
    [
      'when it is kept alive and idle',
      'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n',
      /^HTTP\/1\.1 200/,
    ],
  ]

  it('The connection is destroyed in every case', { timeout: 30_000 }, async () => {
    const testServer = await startTestServer()
    await Promise.all(
      cases.map(async ([name, text, expected]) => {
        const socket = await hold(testServer, text.replace('KEY', testServer.server.consoleKey))
        let heard = ''
        socket.on('data', (bytes: Buffer) => {
          heard += bytes.toString()
        })
        await once(socket, 'end')
        expect(heard, name).toMatch(expected)
        await until(`the end of the connection ${name}`, isGone(socket))
      }),
    )
  })
})

describe('A hostile client', () => {
  it('A client that holds 1,100 half requests excludes no other client', async () => {
    const testServer = await startTestServer()
    const { key } = await testServer.makeKey()
    await holdMany(testServer, 1100, half)
    for (let sent = 0; sent < 20; sent++) expect(await sendAnew(testServer, key)).toBe(202)
  })

  it('A client that holds 1,100 unfinished bodies excludes no other client', async () => {
    const testServer = await startTestServer()
    const { key } = await testServer.makeKey()
    const head = 'POST /v1/send HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
    await holdMany(testServer, 1100, `${head}Content-Length: 100\r\n\r\n{`)
    expect(await sendAnew(testServer, key)).toBe(202)
  })
})

describe('The waits and event streams of one key', () => {
  const lines = ['/v1/inbox/wait?timeout=60&subject=nothing', '/v1/events?after=0']

  it.each(lines)(
    'Many requests of GET %s exclude no other client',
    { timeout: 60_000 },
    async (path) => {
      const testServer = await startTestServer()
      const rate_limit = { requests_per_minute: 1_000_000 }
      const hostile = await testServer.makeKey({
        permissions: ['inbox:read', 'logs:read'],
        rate_limit,
      })
      const { key } = await testServer.makeKey({ permissions: ['send', 'logs:read'], rate_limit })
      const head = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${hostile.key}\r\n\r\n`
      const sockets = await holdMany(testServer, 700, head)
      for (let sent = 0; sent < 20; sent++) expect(await sendAnew(testServer, key)).toBe(202)
      const answer = await testServer.ask('GET', path, { key: hostile.key })
      expect([answer.status, answer.headers['retry-after']]).toEqual([429, '1'])
      // The key has its allowance, and the other keys have theirs.
      const feed = await openFeed(testServer.url, key, {})
      expect(feed.headers['content-type']).toBe('text/event-stream')
      for (const socket of sockets) socket.destroy()
      await until(
        'the allowance to be free again',
        async () => {
          const query = { timeout: 0 }
          const again = await testServer.request('GET /v1/inbox/wait', { key: hostile.key, query })
          return again.status === 408
        },
        30_000,
      )
      feed.close()
    },
  )
})

describe('An honest client', () => {
  it('A client may have 300 connections at once, and all get a response', async () => {
    const testServer = await startTestServer()
    const { key } = await testServer.makeKey({ rate_limit: { requests_per_minute: 1_000_000 } })
    const answers = await Promise.all(
      Array.from({ length: 300 }, () => testServer.request('POST /v1/send', { key, body: mail })),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202))
  })

  it('A client may pipeline 400 requests, and gets each response in order', async () => {
    const testServer = await startTestServer()
    const paths = Array.from({ length: 400 }, (_, number) => `/v1/nothing-${number}`)
    const socket = await hold(
      testServer,
      paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(''),
    )
    let heard = ''
    socket.on('data', (bytes: Buffer) => {
      heard += bytes.toString()
    })
    const answered = () => [...heard.matchAll(/There is no GET ([\w/-]+)\./g)]
    await until('all answers', () => new Set(answered().map(([, path]) => path)).size === 400)
    expect([...new Set(answered().map(([, path]) => path))]).toEqual(paths)
  })
})

describe('A response that the client does not read', () => {
  it('An unread response is dropped after a while, and a response in progress is not', async () => {
    const connections = createConnections({
      clock: systemClock,
      isTrustedProxy: () => false,
      refusal: () => '',
      stalledMs: 200,
    })
    const answered: string[] = []
    const server = connections.serve((request, response) => {
      const begin = (): void => {
        connections.onResponseStart(request.socket)
        response.end(Buffer.alloc(request.url === '/large' ? 50_000_000 : 10))
      }
      response.once('close', () => answered.push(`${request.url} ${response.writableFinished}`))
      if (request.url === '/late') setTimeout(begin, 600)
      else begin()
    })
    server.listen(0, '127.0.0.1')
    whenOver(() => server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const ask = (path: string) => {
      const socket = connect({ port, host: '127.0.0.1' })
      socket.on('error', () => undefined)
      whenOver(() => socket.destroy())
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
      return socket
    }
    ask('/large').pause()
    ask('/late').resume()
    await until('both ends', () => answered.length === 2)
    expect(answered.toSorted()).toEqual(['/large false', '/late true'])
  })
})
