import { X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { describe, expect, test } from 'vitest'
import { startTlsOffer } from '../../src-main/smtp/start-tls.ts'
import { startTestServer } from '../test-server.ts'
import { converse } from './conversation.ts'

const raw = 'Subject: x\r\n\r\n\r\n'
const testServer = await startTestServer()
const change = (smtp_starttls: string) =>
  testServer.reply('PATCH /v1/settings', { body: { smtp_starttls } })

/** The offer of EHLO, which the settings must report too. */
async function isOffered(server = testServer): Promise<boolean> {
  const { extensions } = await converse(server.server.smtpPort)
  const isListed = extensions.includes('STARTTLS')
  const { starttls_offered } = await server.reply('GET /v1/settings')
  expect(starttls_offered).toBe(isListed)
  return isListed
}

describe('On loopback, with the certificate that MailSage made', () => {
  test('EHLO does not offer STARTTLS, and AUTH works without TLS', async () => {
    expect(await isOffered()).toBe(false)
    expect((await testServer.reply('GET /v1/settings')).smtp_certificate).toBe('self_made')
    const { key } = await testServer.makeKey()
    const conversation = await converse(testServer.server.smtpPort)
    expect(conversation.extensions).toContain('AUTH PLAIN LOGIN')
    expect((await conversation.signIn('mailsage', key)).code).toBe(235)
    expect((await conversation.send({ raw })).code).toBe(250)
  })

  test('A client that sends STARTTLS nevertheless gets it', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.startTls()
    const { lines } = await conversation.say('EHLO client.example')
    expect(lines).toContain('AUTH PLAIN LOGIN')
    expect((await conversation.send({ raw })).code).toBe(250)
  })

  test('A changed setting applies from the next EHLO on', async () => {
    await change('on')
    expect(await isOffered()).toBe(true)
    await change('off')
    expect(await isOffered()).toBe(false)
    const conversation = await converse(testServer.server.smtpPort)
    expect(await conversation.say('STARTTLS')).toEqual({
      code: 502,
      lines: ['5.5.1 STARTTLS is switched off here. MAILSAGE_SMTP_STARTTLS=on offers it.'],
    })
    expect((await conversation.send({ raw })).code).toBe(250)
    await change('auto')
    expect(await isOffered()).toBe(false)
  })
})

test('STARTTLS is offered beyond loopback, and with the user’s own certificate', async () => {
  const server = await startTestServer({ env: { MAILSAGE_HOST: '0.0.0.0' } })
  expect(await isOffered(server)).toBe(true)

  const own = await generate([{ name: 'commonName', value: 'localhost' }])
  await server.restart({ MAILSAGE_HOST: '127.0.0.1' }, () => {
    writeFileSync(join(server.folder, 'smtp.key'), own.private)
    writeFileSync(join(server.folder, 'smtp.crt'), own.cert)
  })
  expect(await isOffered(server)).toBe(true)
  expect((await server.reply('GET /v1/settings')).smtp_certificate).toBe('own')
  const conversation = await converse(server.server.smtpPort)
  await conversation.startTls()
  const { fingerprint256 } = new X509Certificate(own.cert)
  expect(conversation.peerCertificate().fingerprint).toBe(fingerprint256)
})

test.each([
  ['auto', '127.0.0.1', 'self_made', 'on_request'],
  ['auto', '::1', 'self_made', 'on_request'],
  ['auto', '127.0.0.1', 'own', 'offered'],
  ['auto', '0.0.0.0', 'self_made', 'offered'],
  ['auto', '::', 'self_made', 'offered'],
  ['auto', '192.0.2.7', 'self_made', 'offered'],
  ['on', '127.0.0.1', 'self_made', 'offered'],
  ['off', '0.0.0.0', 'self_made', 'off'],
  ['off', '127.0.0.1', 'own', 'off'],
] as const)('With the setting %s, at %s with a certificate %s, STARTTLS is %s', (...facts) => {
  const [setting, address, certificate, offer] = facts
  expect(startTlsOffer(setting, { address, certificate })).toBe(offer)
})
