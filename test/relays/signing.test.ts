import { generateKeyPairSync } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openSink, submitted } from '../delivery/live-fixture.ts'
import { expectRefusal } from '../http/refusal.ts'
import { verifyDkim } from './dkim-signature.ts'
import { addNamed, openRelayFixture, relayNamed, sendLive } from './relay-fixture.ts'

const pkcs8 = { type: 'pkcs8', format: 'pem' } as const

function makePair(modulusLength: number) {
  const pair = generateKeyPairSync('rsa', { modulusLength })
  return {
    privateKey: pair.privateKey.export(pkcs8).toString(),
    publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }
}
const { privateKey } = makePair(2048)
const dkim = { domain: 'example.com', selector: 'mail1', private_key: privateKey }

describe('A relay with DKIM', () => {
  test('Mail of HTTP and SMTP through the relay has a signature that its DNS record verifies', async () => {
    const live = await openRelayFixture()
    const sink = await openSink()
    const relay = await addNamed(live, 'signing', sink, { dkim })
    expect(relay.dkim).toMatchObject({
      domain: 'example.com',
      selector: 'mail1',
      dns_name: 'mail1._domainkey.example.com',
      dns_value: expect.stringMatching(/^v=DKIM1; k=rsa; p=MII[A-Za-z0-9+/=]+$/),
    })
    await submitted(live)
    await sendLive(live)
    await live.testServer.reply('POST /v1/relays/{id}/test', {
      params: { id: relay.id },
      body: { recipient: 'ann@example.com' },
    })
    await live.testServer.server.idle()
    expect(sink.messages).toHaveLength(3)
    for (const { raw } of sink.messages) {
      const tags = verifyDkim(raw, relay.dkim?.dns_value ?? '')
      expect([tags.get('d'), tags.get('s')]).toEqual(['example.com', 'mail1'])
      expect(tags.get('h')?.toLowerCase().split(':')).toEqual(
        expect.arrayContaining(['from', 'to', 'subject']),
      )
      const tampered = Buffer.from(
        raw.toString('latin1').replace('\r\n\r\n', '\r\n\r\nPS: '),
        'latin1',
      )
      expect(() => verifyDkim(tampered, relay.dkim?.dns_value ?? '')).toThrow('body was changed')
    }
  })

  test('The key stays when other settings change, and mail is unsigned without it', async () => {
    const live = await openRelayFixture()
    const sink = await openSink()
    const { id, dkim: made } = await addNamed(live, 'signing', sink, { dkim })
    const params = { id }
    await live.testServer.reply('PATCH /v1/relays/{id}', { params, body: { priority: 5 } })
    await sendLive(live)
    await live.testServer.server.idle()
    verifyDkim(sink.messages[0]?.raw ?? Buffer.alloc(0), made?.dns_value ?? '')
    const bare = await live.testServer.reply('PATCH /v1/relays/{id}', {
      params,
      body: { dkim: null },
    })
    expect(bare.dkim).toBeNull()
    await sendLive(live)
    await live.testServer.server.idle()
    expect(sink.messages[1]?.raw.toString()).not.toMatch(/dkim-signature/i)
  })

  test.each([
    ['no key at all', 'hello'],
    ['a public key', makePair(2048).publicKey],
    [
      'a key that rsa-sha256 cannot use',
      generateKeyPairSync('ed25519').privateKey.export(pkcs8).toString(),
    ],
    ['a key that is too short', makePair(768).privateKey],
  ])('A relay with %s is refused', async (_, pem) => {
    const live = await openRelayFixture()
    const answer = await live.testServer.request('POST /v1/relays', {
      body: { name: 'x', host: 'mail.example.com', dkim: { ...dkim, private_key: pem } },
    })
    expect(expectRefusal(answer, 'invalid_parameter')).toContain('RSA private key of 1024 bits')
    expect(answer.text).not.toContain(pem)
  })
})

test('No secret of a relay is in a response, an event, or a file of the database', async () => {
  const live = await openRelayFixture()
  const oauth2 = {
    client_id: 'client-of-mine',
    client_secret: 'client-secret-of-mine',
    refresh_token: 'refresh-token-of-mine',
    access_url: 'https://login.example.com/token',
  }
  const answers = [
    await live.testServer.request('POST /v1/relays', {
      body: { name: 'x', host: 'h.example', password: 'password-of-mine', dkim, oauth2 },
    }),
  ]
  const { id, ...relay } = await relayNamed(live, 'x')
  expect(relay.oauth2).toEqual({
    client_id: 'client-of-mine',
    access_url: 'https://login.example.com/token',
  })
  const params = { id }
  answers.push(
    await live.testServer.request('PATCH /v1/relays/{id}', { params, body: { oauth2, dkim } }),
    await live.testServer.request('GET /v1/relays/{id}', { params }),
    await live.testServer.request('GET /v1/relays'),
    await live.testServer.request('GET /api/v1/smtp/configs'),
  )
  const files = readdirSync(live.testServer.folder).filter((name) => name.startsWith('mailsage.db'))
  const bytes = Buffer.concat(files.map((name) => readFileSync(join(live.testServer.folder, name))))
  expect(bytes.includes('client-of-mine')).toBe(true)
  const texts = [...answers.map(({ text }) => text), JSON.stringify(await live.testServer.events())]
  for (const secret of [
    'client-secret-of-mine',
    'refresh-token-of-mine',
    'password-of-mine',
    'PRIVATE KEY',
    privateKey.split('\n')[3] ?? '',
  ]) {
    expect(bytes.includes(secret)).toBe(false)
    for (const text of texts) expect(text).not.toContain(secret)
  }
})
