import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLog } from '../../src-main/base/log.ts'
import { createSecretMask } from '../../src-main/domain/auth/secret-mask.ts'
import { openReadOnly } from '../../src-main/storage/database.ts'
import { createRandom } from '../fixtures/mail/random.ts'
import { converse } from '../smtp/conversation.ts'
import { startTestServer, type TestServer } from '../test-server.ts'

const outsideKey = 'Correct-horse "battery" Staple/7'
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const raw = 'Subject: x\r\n\r\nx\r\n'

/** Ways to write a key that leave it readable. */
const encodings: readonly ((key: string) => string)[] = [
  base64,
  (key) => base64(`x${key}`),
  (key) => base64(`\0${'x'.repeat(4)}\0${key}`),
  (key) => Buffer.from(key).toString('base64url'),
  (key) => base64(key).toLowerCase(),
  (key) => key.toUpperCase(),
  (key) => key.toLowerCase(),
  (key) => encodeURIComponent(key).replaceAll('_', '%5F'),
  (key) => encodeURIComponent(key).replaceAll('_', '%5f'),
  (key) => key.replaceAll('_', '+5F'),
  (key) => key.replace(/./gu, (character) => `=${Buffer.from(character).toString('hex')}`),
]

afterEach(() => vi.restoreAllMocks())

/** Every row of every table as one text, without the content of mail. */
function everythingStored({ folder }: TestServer): string {
  const database = openReadOnly(folder)
  try {
    const tables = database
      .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .pluck()
      .all()
    return tables
      .map((table) => JSON.stringify(database.prepare(`SELECT * FROM "${table}"`).all()))
      .join('\n')
  } finally {
    database.close()
  }
}

describe('The secret mask', () => {
  const mask = createSecretMask([outsideKey])
  const words = ['', ' ', 'x', '<', '\r', '\0', '"', '?key=', 'ms_', '…', 'MAIL FROM:<'] as const

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'The mask removes every key from a text and nothing else (seed %i)',
    (seed) => {
      const { below, pick } = createRandom(seed)
      const body = Array.from({ length: 38 }, () => pick(['0', '9', 'A', 'Z', 'a', 'z'])).join('')
      const prefix = pick(['ms_live_', 'ms_test_', 'sk_live_', 'sk_test_', 'ms_console_'])
      const secret = pick([prefix + body, outsideKey])
      const around = () => Array.from({ length: below(4) }, () => pick(words)).join('')
      const [before, between, behind] = [around(), around(), around()]
      const text = `${before}${secret} ${between} ${secret}${behind}`
      const masked = mask(text)
      expect(masked).not.toContain(body)
      expect(masked).not.toContain(outsideKey)
      expect(mask(before)).toBe(before)
      expect(mask(JSON.stringify({ text }))).not.toMatch(/battery/)
      expect(mask(encodeURIComponent(secret))).not.toContain('Staple')
      for (const encode of encodings) {
        const encoded = encode(secret)
        const line = mask(
          JSON.stringify({ text: `${before}${pick(['', '\n', '\b', 'é'])}${encoded}` }),
        )
        expect(line).not.toContain(JSON.stringify(encoded).slice(-15, -1))
        expect(JSON.parse(line)).toEqual({ text: expect.stringContaining('') })
      }
    },
  )
})

it('The error log contains no key in its message, fields or cause', () => {
  const lines: string[] = []
  const log = createLog('debug', (line) => lines.push(line), createSecretMask([outsideKey]))
  const key = `ms_live_${'k'.repeat(38)}`
  for (const secret of [key, outsideKey]) {
    log.error(`Failed: ${secret}`, new Error(`no ${secret}`), { request: secret })
    log.warn(secret)
  }
  expect(lines).toHaveLength(4)
  for (const line of lines) {
    expect(line).not.toMatch(/kkk|battery/)
    expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) })
  }
})

describe('A key in an SMTP session', () => {
  const templates = [
    'AUTH PLAIN x\rKEY',
    'AUTH PLAIN x KEY',
    'AUTH KEY',
    'AUTH BASE64',
    'auth\tPLAIN BASE64',
    'AUTH PLAIN\rBASE64',
    'AUTH CRAM-MD5 BASE64',
    'NOOP KEY',
    'NOOP BASE64',
    'NOOP\rKEY',
    'VRFY BASE64',
    'EXPN KEY',
    'HELP BASE64',
    'RSET BASE64',
    'STARTTLS KEY',
    'BDAT KEY',
    'EHLO KEY',
    'HELO KEY',
    'EHLO x\rBASE64',
    'EHLO BASE64',
    'HELO BASE64',
    'EHLO LABEL',
    'MAIL FROM:<BASE64@b.cc>',
    'MAIL FROM:<a@b.cc> AUTH=BASE64',
    'MAIL FROM:<a@b.cc> BASE64',
    'MAIL FROM:<XTEXT@b.cc> AUTH=XTEXT',
    'RCPT TO:<BASE64@b.cc>',
    'MAIL FROM:<KEY@b.cc>',
    'MAIL FROM:<a@b.cc> AUTH=KEY',
    'MAIL\rKEY',
    'MAIL0 KEY',
    'MAIL FROM:<a@b.cc>\rBASE64',
    'RCPT TO:<KEY>',
    `RCPT TO:<${'x'.repeat(485)}KEY>`,
    'KEY',
    'BASE64',
    ' KEY',
    'PASS KEY',
  ]

  it.each([
    ['of ours', null],
    ['of the environment', outsideKey],
  ])('No record contains a key that was sent %s', async (_, own) => {
    const testServer = await startTestServer({ env: { API_KEY: outsideKey } })
    const made = await testServer.makeKey({ allowed_senders: ['shop.example'] })
    const secret = own ?? made.key
    const said = {
      KEY: secret,
      BASE64: base64(`\0mailsage\0${secret}`),
      LABEL: base64(secret).replaceAll('=', '').slice(0, 60),
      XTEXT: secret.replace(/[^a-z0-9]/gi, (sign) => `+${Buffer.from(sign).toString('hex')}`),
    }
    for (const template of templates) {
      const conversation = await converse(testServer.server.smtpPort)
      await conversation.signIn(secret, made.key)
      const line = template.replace(
        /KEY|BASE64|LABEL|XTEXT/g,
        (name) => said[name as keyof typeof said],
      )
      const { code } = await conversation.say(line)
      if (code === 334) await conversation.say('*')
      await conversation.say('RSET')
      await conversation.send({ raw, from: 'app@elsewhere.example' })
      await conversation.close()
    }
    await testServer.server.idle()
    const stored = everythingStored(testServer)
    expect(stored).toContain('sender_not_allowed')
    expect(stored).toContain('AUTH CRAM-MD5 (credentials)')
    const shown = JSON.stringify([
      await testServer.reply('GET /v1/logs', { query: { limit: 200 } }),
      await testServer.reply('GET /v1/logs', { query: { type: 'junk', limit: 200 } }),
    ])
    for (const text of [stored, shown]) {
      expect(text).not.toContain(secret)
      expect(text.toLowerCase()).not.toContain(JSON.stringify(secret).slice(1, -1).toLowerCase())
      expect(text).not.toContain(secret.slice(9, 25))
      for (const form of [said.BASE64, said.LABEL, said.XTEXT])
        expect(text.toLowerCase()).not.toContain(form.toLowerCase().slice(0, 50))
    }
  })

  it('A key as user name does not become the inbox name', async () => {
    const testServer = await startTestServer()
    const { key } = await testServer.makeKey({ inbox: 'own' })
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.signIn(key, key)
    const { events } = await testServer.witness(() => conversation.send({ raw }))
    expect(events).toMatchObject([{ type: 'captured', data: { inbox: 'own' } }])
  })
})

it('No record contains a key from any part of an HTTP request', async () => {
  const written = vi.spyOn(process.stderr, 'write')
  const testServer = await startTestServer({ env: { API_KEY: 'outside-key-of-this-test' } })
  const { key } = await testServer.makeKey({ permissions: ['inbox:read'] })
  const outside = 'outside-key-of-this-test'
  const plain = [key, outside]
  const secrets = [...plain, ...encodings.flatMap((encode) => plain.map(encode))]
  for (const secret of secrets) {
    const headers = {
      'user-agent': `curl/8 ${'x'.repeat(270)} ${secret}`,
      referer: secret,
      'x-request-id': secret,
      'x-forwarded-for': secret,
      'last-event-id': secret,
    }
    for (const path of [`/v1/inbox?search=${secret}`, `/v1/${secret}`, `/v1/inbox/${secret}`])
      for (const sent of plain.includes(secret) ? [key, null, `${secret}x`, 'wrong'] : [key])
        await testServer.ask('GET', `${path}${path.includes('?') ? '&' : '?'}key=${secret}`, {
          key: sent,
          headers,
        })
  }
  const { key: sending } = await testServer.makeKey()
  await testServer.reply('POST /v1/send', {
    key: sending,
    headers: { 'idempotency-key': sending },
    body: { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' },
  })
  await testServer.server.idle()
  expect(everythingStored(testServer)).not.toContain(sending)
  const shown = JSON.stringify([
    await testServer.reply('GET /v1/logs', { query: { limit: 200 } }),
    await testServer.reply('GET /v1/logs', { query: { type: 'junk', limit: 200 } }),
    await testServer.reply('GET /v1/alerts'),
    await testServer.reply('GET /metrics'),
    written.mock.calls,
  ])
  expect(shown).toContain('curl/8')
  for (const text of [shown, everythingStored(testServer)]) {
    expect(text).not.toContain(key.slice(8, 30))
    for (const secret of secrets) expect(text).not.toContain(secret.slice(-25, -1))
  }
})
