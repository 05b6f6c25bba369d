import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { describe, expect, test } from 'vitest'
import { startTestServer } from '../test-server.ts'
import { runTool } from './run-tool.ts'

const testServer = await startTestServer({
  env: { MAILSAGE_ANONYMOUS_CAPTURE: 'false', MAILSAGE_SMTP_STARTTLS: 'on' },
})
const { smtpPort } = testServer.server
const { key } = await testServer.makeKey()

type Delivery = { readonly delivered: boolean; readonly said: string }

/** Delivers with `secret` as the password, without signing in when it is empty. */
type Client = (secret: string, subject: string) => Promise<Delivery>

async function deliverWith(...run: Parameters<typeof runTool>): Promise<Delivery> {
  const { code, output, errors } = await runTool(...run)
  return { delivered: code === 0, said: `${output}\n${errors}` }
}

const from = 'app@example.com'
const to = 'ann@example.com'

function swaks(mechanism: 'PLAIN' | 'LOGIN', ...extra: string[]): Client {
  return (secret, subject) => {
    const signIn =
      secret === ''
        ? []
        : ['--auth', mechanism, '--auth-user', 'mailsage', '--auth-password', secret]
    return deliverWith('swaks', [
      ...['--server', '127.0.0.1', '--port', String(smtpPort), '--from', from, '--to', to],
      ...['--header', `Subject: ${subject}`, ...signIn, ...extra],
    ])
  }
}

function curl(...extra: string[]): Client {
  return (secret, subject) =>
    deliverWith(
      'curl',
      [
        ...['--silent', '--show-error', `smtp://127.0.0.1:${smtpPort}`, '--mail-from', from],
        ...['--mail-rcpt', to, '--upload-file', '-', ...extra],
        ...(secret === '' ? [] : ['--user', `mailsage:${secret}`]),
      ],
      { input: `From: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\n.Grüße\r\n` },
    )
}

const smtplib =
  (way: 'plain' | 'starttls'): Client =>
  (secret) => {
    const script = join(import.meta.dirname, 'python/send.py')
    return deliverWith('python3', [script, String(smtpPort), secret, way], {
      env: { PYTHONDONTWRITEBYTECODE: '1' },
    })
  }

const nodemailer =
  (pool: boolean, ignoreTLS: boolean): Client =>
  async (secret, subject) => {
    const transport = createTransport({
      ...(pool ? { pool: true as const } : {}),
      host: '127.0.0.1',
      port: smtpPort,
      ignoreTLS,
      tls: { rejectUnauthorized: false },
      ...(secret === '' ? {} : { auth: { user: 'mailsage', pass: secret } }),
    } as Parameters<typeof createTransport>[0])
    try {
      await transport.sendMail({ from, to, subject, text: 'Grüße', html: '<p>Grüße</p>' })
      return { delivered: true, said: '' }
    } catch (error) {
      return { delivered: false, said: String(error) }
    } finally {
      transport.close()
    }
  }

describe.each<[string, Client]>([
  ['swaks', swaks('PLAIN')],
  ['swaks with STARTTLS', swaks('PLAIN', '--tls')],
  ['swaks with AUTH LOGIN', swaks('LOGIN')],
  ['curl', curl()],
  ['curl with STARTTLS', curl('--ssl-reqd', '--insecure')],
  ['smtplib plain', smtplib('plain')],
  ['smtplib starttls', smtplib('starttls')],
  ['nodemailer', nodemailer(false, true)],
  ['nodemailer with STARTTLS', nodemailer(false, false)],
  ['nodemailer, pooled', nodemailer(true, false)],
])('%s', (name, deliver) => {
  test('The client delivers a message with a key', async () => {
    const { value, events } = await testServer.witness(() => deliver(key, name))
    expect(value.delivered, value.said).toBe(true)
    expect(events).toMatchObject([{ type: 'captured', data: { door: 'smtp' } }])
    const { data } = await testServer.reply('GET /v1/inbox', { query: { limit: 1 } })
    expect(data[0]?.subject).toBe(name)
    const detail = await testServer.reply('GET /v1/inbox/{id}', {
      params: { id: data[0]?.id ?? '' },
    })
    expect(detail.envelope).toEqual({ mail_from: from, rcpt_to: [to] })
  })

  test('The client is refused with a wrong key and without a key', async () => {
    const { value, events } = await testServer.witness(async () => [
      (await deliver(`${key.slice(0, -1)}!`, name)).delivered,
      (await deliver('', name)).delivered,
    ])
    expect(value).toEqual([false, false])
    expect(events).toEqual([])
  })
})

test('A pooled nodemailer sends many messages over few connections', async () => {
  const transport = createTransport({
    pool: true,
    host: '127.0.0.1',
    port: smtpPort,
    ignoreTLS: true,
    auth: { user: 'mailsage', pass: key },
  })
  const { events } = await testServer.witness(() =>
    Promise.all(
      Array.from({ length: 40 }, (_, number) =>
        transport.sendMail({ from, to, subject: `pooled ${number}`, text: 'x' }),
      ),
    ),
  )
  transport.close()
  expect(events.filter(({ type }) => type === 'captured')).toHaveLength(40)
})
