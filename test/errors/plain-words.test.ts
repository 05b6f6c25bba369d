import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTls } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { loadCertificate } from '../../src-main/smtp/certificate.ts'
import { commandLine } from '../cli/command-line.ts'
import { deafPort } from '../delivery/live-fixture.ts'
import { startSink } from '../smtp-sink.ts'
import { startTestServer, whenOver } from '../test-server.ts'

/** Terms of Node and of libraries that mean nothing to a user. */
const raw =
  /getaddrinfo|connect E|socket hang up|fetch failed|--use-system-ca|SSL routines|read E|Greeting never|unexpectedly|TypeError|Node\.js/

const testServer = await startTestServer()

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  whenOver(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const folder = mkdtempSync(join(tmpdir(), 'mailsage-words-'))
whenOver(() => rmSync(folder, { recursive: true, force: true }))
const certificate = await loadCertificate(folder, Date.now())
const deaf = await deafPort()
const hangsUp = await listen(createServer((socket) => void socket.destroy()))
const speaksHttp = await listen(createHttp((_, reply) => void reply.end('x')))
const speaksNonsense = await listen(createServer((socket) => void socket.end('hello\r\n')))
const selfSigned = await listen(createTls(certificate, (socket) => void socket.destroy()))
const sink = await startSink()
whenOver(sink.close)
const startTls = await startSink({ tls: 'starttls' })
whenOver(startTls.close)

describe('The reason of a failed relay test', () => {
  test.each([
    [
      'a port without a listener',
      { port: deaf },
      /^Nothing listens at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)\.$/,
    ],
    [
      'a name without an address',
      { host: 'mail.invalid', port: 25 },
      /^The name (server did not answer for )?mail\.invalid/,
    ],
    ['a server that hangs up', { port: hangsUp }, /^127\.0\.0\.1:\d+ ended the connection/],
    [
      'a server of something else',
      { port: speaksNonsense },
      /^127\.0\.0\.1:\d+ answered: “hello”\.$/,
    ],
    [
      'a certificate of its own',
      { port: selfSigned, tls: 'implicit' },
      /^The certificate of 127\.0\.0\.1 is self-signed/,
    ],
    [
      'a certificate of its own, by STARTTLS',
      { port: startTls.port, tls: 'starttls' },
      /^The certificate of 127\.0\.0\.1 is self-signed/,
    ],
    ['TLS where there is none', { port: sink.port, tls: 'implicit' }, /does not speak TLS/],
    [
      'STARTTLS where there is none',
      { port: sink.port, tls: 'starttls' },
      /does not offer STARTTLS/,
    ],
  ])('A relay test explains %s', async (_cause, settings, sentence) => {
    const body = { host: '127.0.0.1', tls: 'none', ...settings }
    const answer = await testServer.request('POST /v1/relays/test', { body })
    const { message } = answer.body as { readonly message: string }
    expect([answer.status, message]).toEqual([422, expect.stringMatching(sentence)])
    expect(answer.text).not.toMatch(raw)
  })
})

describe('The reason of a delivery without a relay', () => {
  test.each([
    ['a port without a listener', { port: deaf }, /^Nothing listens at/],
    ['a server that hangs up', { port: hangsUp }, /ended the connection/],
    ['a certificate of its own', { port: selfSigned, tls: 'implicit' }, /is self-signed/],
  ])('A delivery explains %s', async (_cause, settings, sentence) => {
    const { id: relay } = await testServer.reply('POST /v1/relays', {
      body: { name: 'sick', host: '127.0.0.1', tls: 'none', ...settings },
    })
    const { key } = await testServer.makeKey({ mode: 'live' })
    const mail = { from: 'a@x.example', to: 'b@x.example', subject: 'x', text: 'x' }
    const { id } = await testServer.reply('POST /v1/send', { key, body: mail })
    await testServer.server.idle()
    const { deliveries } = await testServer.reply('GET /v1/emails/{id}', { params: { id } })
    expect(deliveries[0]?.last_reply).toMatch(sentence)
    expect(deliveries[0]?.last_reply).not.toMatch(raw)
    const { last_error: error } = await testServer.reply('GET /v1/relays/{id}', {
      params: { id: relay },
    })
    expect(error).toMatch(sentence)
    // A queued message would be sent to the next relay.
    await testServer.reply('POST /v1/emails/{id}/cancel', { params: { id } })
    await testServer.reply('DELETE /v1/relays/{id}', { params: { id: relay } })
  })
})

describe('The reason of a failed webhook post', () => {
  test.each([
    ['a port without a listener', `http://127.0.0.1:${deaf}/`, /^Nothing listens at/],
    ['a server that hangs up', `http://127.0.0.1:${hangsUp}/`, /ended the connection/],
    ['a server of something else', `http://127.0.0.1:${speaksNonsense}/`, /not HTTP/],
    ['a certificate of its own', `https://127.0.0.1:${selfSigned}/`, /is self-signed/],
    ['TLS where there is none', `https://127.0.0.1:${speaksHttp}/`, /does not speak TLS/],
    ['a name without an address', 'http://hook.invalid/', /^The name /],
  ])('A webhook post explains %s', async (_cause, url, sentence) => {
    const { id } = await testServer.reply('POST /v1/webhooks', {
      body: { url, events: ['captured'] },
    })
    const { error } = await testServer.reply('POST /v1/webhooks/{id}/test', { params: { id } })
    expect(error).toMatch(sentence)
    expect(error).not.toMatch(raw)
  })
})

describe('The reason of a failed command', () => {
  const { run } = commandLine(folder)
  const at = (port: number) => ['--url', `http://127.0.0.1:${port}`, '--key', 'ms_test_x']
  type Cause = readonly [string, readonly string[], RegExp, NodeJS.ProcessEnv?]
  const causes: readonly Cause[] = [
    [
      'a port without a listener',
      ['keys', 'list', ...at(deaf)],
      /Nothing listens at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/,
    ],
    ['a server that hangs up', ['keys', 'list', ...at(hangsUp)], /ended the connection/],
    ['a server of something else', ['keys', 'list', ...at(speaksNonsense)], /not HTTP/],
    [
      'a name without an address',
      ['keys', 'list', '--url', 'http://mail.invalid', '--key', 'x'],
      /The name /,
    ],
    [
      'a certificate of its own',
      ['keys', 'list', '--url', `https://127.0.0.1:${selfSigned}`, '--key', 'x'],
      /is self-signed/,
    ],
    [
      'no SMTP server',
      ['send', 'a@x.example', '--text', 'x', '--url', 'http://127.0.0.1:1'],
      /Nothing listens at 127\.0\.0\.1:\d+/,
      { MAILSAGE_SMTP_PORT: String(deaf) },
    ],
    [
      'sendmail without a server',
      ['sendmail', 'a@x.example'],
      /^sendmail: Nothing listens at/,
      { MAILSAGE_SMTP_PORT: String(deaf) },
    ],
    [
      'sendmail -bs without a server',
      ['sendmail', '-bs'],
      /^sendmail: Nothing listens at/,
      { MAILSAGE_SMTP_PORT: String(deaf) },
    ],
    [
      'a file that is not there',
      ['send', 'a@x.example', '--text', 'x', '-a', '/nowhere', ...at(deaf)],
      /there is no such file or folder \(ENOENT\)/,
    ],
    ['an option that is none', ['keys', 'list', '--foo'], /There is no option --foo\./],
    ['an option without its value', ['keys', 'list', '--url'], /--url needs a value\./],
    ['a switch with a value', ['keys', 'list', '--json=1'], /--json takes no value\./],
    [
      'a port that is no number',
      ['serve', '--http-port', 'x'],
      /The setting --http-port must be a number\. It is “x”\./,
    ],
    ['an option of serve that is none', ['serve', '--foo', '1'], /There is no option --foo\./],
    [
      'a port in the environment that is none',
      ['serve'],
      /MAILSAGE_HTTP_PORT must be 65535 or less\. It is “99999”\./,
      { MAILSAGE_HTTP_PORT: '99999' },
    ],
    [
      'a switch in the environment that is none',
      ['serve'],
      /SMTP_TLS_VERIFY must be one of: 0, 1, true, false, on, off\. It is “maybe”\./,
      { SMTP_TLS_VERIFY: 'maybe' },
    ],
    [
      'a sender in the environment that is none',
      ['serve'],
      /SMTP_FROM must be one email address such as ann@example\.com\. “x” has no “@”\. It is “x”\./,
      { SMTP_FROM: 'x' },
    ],
  ]
  test.each(causes.map((cause) => [cause[0], cause] as const))(
    'The command line explains %s',
    async (_title, cause) => {
      const [, args, sentence, env = {}] = cause
      const { code, stderr } = await run(args, { env, stdin: 'x' })
      expect([code === 0, stderr]).toEqual([false, expect.stringMatching(sentence)])
      expect(stderr).not.toMatch(raw)
      expect(stderr).not.toMatch(/received|\bNaN\b|^\s+at /m)
    },
  )
})
