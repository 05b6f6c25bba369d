import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { startTestServer } from '../test-server.ts'
import { converse } from './conversation.ts'

const testServer = await startTestServer({ env: { MAILSAGE_SMTPS_PORT: '0' } })
const { smtpPort } = testServer.server
const smtpsPort = testServer.server.smtpsPort ?? 0

describe('EHLO', () => {
  test('EHLO lists the extensions', async () => {
    const conversation = await converse(smtpPort)
    expect([...conversation.extensions].sort()).toEqual([
      '8BITMIME',
      'AUTH PLAIN LOGIN',
      'ENHANCEDSTATUSCODES',
      'PIPELINING',
      `SIZE ${25 * 1024 * 1024}`,
      'SMTPUTF8',
    ])
  })

  test('EHLO over TLS does not offer STARTTLS', async () => {
    const conversation = await converse(smtpPort)
    await conversation.startTls()
    const { lines } = await conversation.say('EHLO client.example')
    expect(lines).toContain('AUTH PLAIN LOGIN')
    expect(lines).not.toContain('STARTTLS')
  })

  test('EHLO after sign-in does not offer AUTH', async () => {
    const { key } = await testServer.makeKey()
    const conversation = await converse(smtpPort)
    await conversation.signIn('mailsage', key)
    const { lines } = await conversation.say('EHLO client.example')
    expect(lines).not.toContain('AUTH PLAIN LOGIN')
  })

  test('A client can send mail after HELO', async () => {
    const conversation = await converse(smtpPort, { sayHello: false })
    expect((await conversation.say('HELO client.example')).code).toBe(250)
    expect((await conversation.send({ raw: 'Subject: HELO\r\n\r\n\r\n' })).code).toBe(250)
  })
})

describe('TLS', () => {
  test('A message is accepted over STARTTLS with the self-signed certificate', async () => {
    const { key } = await testServer.makeKey()
    const conversation = await converse(smtpPort)
    await conversation.startTls()
    await conversation.say('EHLO client.example')
    expect((await conversation.signIn('mailsage', key)).code).toBe(235)
    expect((await conversation.send({ raw: 'Subject: starttls\r\n\r\n\r\n' })).code).toBe(250)
  })

  test('STARTTLS discards the transaction before it', async () => {
    const conversation = await converse(smtpPort)
    await conversation.say('MAIL FROM:<app@example.com>')
    await conversation.startTls()
    await conversation.say('EHLO client.example')
    expect((await conversation.say('RCPT TO:<ann@example.com>')).code).toBe(503)
  })

  test('Commands in the clear after STARTTLS are dropped', async () => {
    const conversation = await converse(smtpPort)
    conversation.write('STARTTLS\r\nMAIL FROM:<mallory@example.com>\r\n')
    expect((await conversation.reply()).code).toBe(220)
    await expect(conversation.upgrade()).resolves.toBeUndefined()
    await conversation.say('EHLO client.example')
    expect((await conversation.say('RCPT TO:<ann@example.com>')).code).toBe(503)
  })

  test('The port for implicit TLS starts with the handshake', async () => {
    const { key } = await testServer.makeKey()
    const conversation = await converse(smtpsPort, { tls: true })
    expect(conversation.extensions).not.toContain('STARTTLS')
    expect((await conversation.signIn('mailsage', key)).code).toBe(235)
    expect((await conversation.send({ raw: 'Subject: implicit\r\n\r\n\r\n' })).code).toBe(250)
  })

  test('The certificate survives a restart', async () => {
    const { fingerprint, subject } = (await converse(smtpsPort, { tls: true })).peerCertificate()
    expect(subject).toBe('localhost')
    await testServer.restart()
    const again = await converse(testServer.server.smtpsPort ?? 0, { tls: true })
    expect(again.peerCertificate().fingerprint).toBe(fingerprint)
  })
})

describe('The greeting', () => {
  test('The median greeting of 20 connections arrives within 20 ms', async () => {
    const waitedMs: number[] = []
    for (let number = 0; number < 20; number += 1) waitedMs.push(await greetingMs())
    expect(waitedMs.sort((a, b) => a - b)[10]).toBeLessThan(20)
  })

  test('The greeting names the product', async () => {
    const { greeting } = await converse(testServer.server.smtpPort)
    expect(greeting).toEqual({ code: 220, lines: ['mailsage.local ESMTP MailSage'] })
  })
})

function greetingMs(): Promise<number> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const socket = connect({ port: testServer.server.smtpPort, host: '127.0.0.1' })
    socket.once('error', reject)
    socket.once('data', () => {
      resolve(performance.now() - started)
      socket.destroy()
    })
  })
}
