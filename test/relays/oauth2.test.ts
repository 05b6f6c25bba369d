import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { deafPort, emailOf, type LiveFixture, openSink } from '../delivery/live-fixture.ts'
import { expectRefusal } from '../http/refusal.ts'
import type { Sink } from '../smtp-sink.ts'
import { addNamed, openRelayFixture, relayNamed, sendLive } from './relay-fixture.ts'

/** Gives access tokens for the right refresh token (RFC 6749 §6). */
async function openTokenServer(location?: string) {
  const asked: URLSearchParams[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString())
      asked.push(form)
      if (location !== undefined) {
        response.writeHead(307, { location }).end()
        return
      }
      const isRight = form.get('refresh_token') === 'refresh-1'
      response.writeHead(isRight ? 200 : 400, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify(
          isRight
            ? { access_token: 'access-1', expires_in: 3600, token_type: 'Bearer' }
            : { error: 'invalid_grant', error_description: 'Token has been revoked' },
        ),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token` }
}

const oauth2 = { client_id: 'me', client_secret: 'mine', refresh_token: 'refresh-1' }

describe('A relay with OAuth2', () => {
  test('The relay gets an access token and signs in with it', async () => {
    const live = await openRelayFixture()
    const tokens = await openTokenServer()
    const sink = await openSink({ oauth2: true })
    sink.rules.accessToken = 'access-1'
    const { id } = await addNamed(live, 'cloud', sink, {
      username: 'me@example.com',
      oauth2: { ...oauth2, access_url: tokens.url },
    })
    await live.testServer.reply('POST /v1/relays/{id}/test', { params: { id }, body: {} })
    expect(Object.fromEntries(tokens.asked[0] ?? [])).toEqual({
      grant_type: 'refresh_token',
      ...oauth2,
    })
    await sendLive(live)
    await live.testServer.server.idle()
    expect(sink.messages).toMatchObject([{ user: 'me@example.com' }])
  })

  test('A revoked refresh token is reported, and the mail waits', async () => {
    const live = await openRelayFixture()
    const tokens = await openTokenServer()
    const sink = await openSink({ oauth2: true })
    const { id } = await addNamed(live, 'cloud', sink, {
      username: 'me@example.com',
      oauth2: { ...oauth2, refresh_token: 'revoked-1', access_url: tokens.url },
    })
    const answer = await live.testServer.request('POST /v1/relays/{id}/test', {
      params: { id },
      body: {},
    })
    expect(expectRefusal(answer, 'smtp_auth_error')).toContain('Token has been revoked')
    expect(answer.text).not.toContain('revoked-1')
    const email = await sendLive(live)
    await live.testServer.server.idle()
    expect((await emailOf(live, email)).deliveries).toMatchObject([{ status: 'deferred' }])
    expect((await relayNamed(live, 'cloud')).last_error).toContain('Token has been revoked')
  })

  test.each(['http://login.example.com/token', 'ftp://127.0.0.1/', 'nonsense'])(
    'The secrets of the relay are never sent to %s',
    async (access_url) => {
      const live = await openRelayFixture()
      const body = { name: 'x', host: 'h.example', oauth2: { ...oauth2, access_url } }
      const answer = await live.testServer.request('POST /v1/relays', { body })
      expect(expectRefusal(answer, 'invalid_parameter')).toContain('oauth2.access_url')
    },
  )
})

/** Tests the sign-in of a relay whose tokens come from `access_url`. */
async function signIn(live: LiveFixture, sink: Sink, access_url: string) {
  const { id } = await addNamed(live, 'cloud', sink, {
    username: 'me@example.com',
    oauth2: { ...oauth2, access_url },
  })
  return live.testServer.request('POST /v1/relays/{id}/test', { params: { id }, body: {} })
}

const everywhere = { MAILSAGE_HOST: '0.0.0.0' }

describe('A token request', () => {
  test('A token request to a name of a private address is not sent, and its mail waits', async () => {
    const asked: string[] = []
    const live = await openRelayFixture({
      environment: {
        resolve: async (hostname) => {
          asked.push(hostname)
          return [{ address: '10.1.2.3', family: 4 }]
        },
      },
    })
    const sink = await openSink({ oauth2: true })
    const answer = await signIn(live, sink, 'https://login.example.com/token')
    const sentence = expectRefusal(answer, 'smtp_auth_error')
    expect(sentence).toContain('leads to a private address (login.example.com)')
    expect(sentence).toContain('MAILSAGE_ALLOWED_TARGETS')
    expect(asked).toEqual(['login.example.com'])
    const email = await sendLive(live)
    await live.testServer.server.idle()
    expect((await emailOf(live, email)).deliveries).toMatchObject([{ status: 'deferred' }])
    expect((await relayNamed(live, 'cloud')).last_error).toContain('private address')
  })

  test('A token request to this machine needs an allowed target when the relay is not local', async () => {
    const tokens = await openTokenServer()
    const sink = await openSink({ oauth2: true })
    sink.rules.accessToken = 'access-1'
    const url = tokens.url.replace('127.0.0.1', 'localhost')
    const open = await openRelayFixture({ env: everywhere })
    expectRefusal(await signIn(open, sink, url), 'smtp_auth_error')
    expect(tokens.asked).toEqual([])
    const env = { ...everywhere, MAILSAGE_ALLOWED_TARGETS: 'localhost' }
    const named = await openRelayFixture({ env })
    expect((await signIn(named, sink, url)).status).toBe(200)
    expect(tokens.asked).toHaveLength(1)
  })

  test('A token request does not follow a redirect', async () => {
    const live = await openRelayFixture()
    const elsewhere = await openTokenServer()
    const tokens = await openTokenServer(elsewhere.url)
    const sink = await openSink({ oauth2: true })
    const answer = await signIn(live, sink, tokens.url)
    expect(expectRefusal(answer, 'smtp_auth_error')).toContain('no access token')
    expect([tokens.asked.length, elsewhere.asked.length]).toEqual([1, 0])
  })

  test('A token request without a response is reported', async () => {
    const live = await openRelayFixture()
    const port = await deafPort()
    const sink = await openSink({ oauth2: true })
    const answer = await signIn(live, sink, `http://127.0.0.1:${port}/token`)
    expect(expectRefusal(answer, 'smtp_auth_error')).toContain(
      `Nothing listens at 127.0.0.1:${port}`,
    )
  })
})
