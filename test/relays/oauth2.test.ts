import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { emailOf, openSink } from '../delivery/live-house.ts'
import { expectRefusal } from '../http/refusal.ts'
import { addNamed, openRelayHouse, relayNamed, sendLive } from './relay-house.ts'

/** Gives access tokens for the right refresh token (RFC 6749 §6). */
async function openTokenServer() {
  const asked: URLSearchParams[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString())
      asked.push(form)
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

describe('a relay with OAuth2', () => {
  test('gets an access token and signs in with it', async () => {
    const live = await openRelayHouse()
    const tokens = await openTokenServer()
    const sink = await openSink({ oauth2: true })
    sink.rules.accessToken = 'access-1'
    const { id } = await addNamed(live, 'cloud', sink, {
      username: 'me@example.com',
      oauth2: { ...oauth2, access_url: tokens.url },
    })
    await live.house.reply('POST /v1/relays/{id}/test', { params: { id }, body: {} })
    expect(Object.fromEntries(tokens.asked[0] ?? [])).toEqual({
      grant_type: 'refresh_token',
      ...oauth2,
    })
    await sendLive(live)
    await live.house.relay.idle()
    expect(sink.messages).toMatchObject([{ user: 'me@example.com' }])
  })

  test('whose refresh token was revoked says so, and mail waits', async () => {
    const live = await openRelayHouse()
    const tokens = await openTokenServer()
    const sink = await openSink({ oauth2: true })
    const { id } = await addNamed(live, 'cloud', sink, {
      username: 'me@example.com',
      oauth2: { ...oauth2, refresh_token: 'revoked-1', access_url: tokens.url },
    })
    const answer = await live.house.request('POST /v1/relays/{id}/test', {
      params: { id },
      body: {},
    })
    expect(expectRefusal(answer, 'smtp_auth_error')).toContain('Token has been revoked')
    expect(answer.text).not.toContain('revoked-1')
    const email = await sendLive(live)
    await live.house.relay.idle()
    expect((await emailOf(live, email)).deliveries).toMatchObject([{ status: 'deferred' }])
    expect((await relayNamed(live, 'cloud')).last_error).toContain('Token has been revoked')
  })

  test.each(['http://login.example.com/token', 'ftp://127.0.0.1/', 'nonsense'])(
    'does not send its secrets to %s',
    async (access_url) => {
      const live = await openRelayHouse()
      const body = { name: 'x', host: 'h.example', oauth2: { ...oauth2, access_url } }
      const answer = await live.house.request('POST /v1/relays', { body })
      expect(expectRefusal(answer, 'invalid_parameter')).toContain('oauth2.access_url')
    },
  )
})
