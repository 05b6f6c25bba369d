import { describe, expect, test } from 'vitest'
import { ownSmtp } from '../../src-main/server/own-smtp.ts'
import { expectRefusal } from '../http/refusal.ts'
import { startTestServer } from '../test-server.ts'

const server = await startTestServer()

describe('MailSage as its own relay', () => {
  test('Mail for a relay that is MailSage itself waits, and does not come back', async () => {
    const { smtpPort } = server.server
    const test = await server.makeKey()
    const relay = await server.reply('POST /v1/relays', {
      body: {
        name: 'Myself',
        host: '127.0.0.1',
        port: smtpPort,
        tls: 'none',
        username: 'mailsage',
        password: test.key,
      },
    })
    const tested = await server.request('POST /v1/relays/{id}/test', { params: { id: relay.id } })
    expect(expectRefusal(tested, 'smtp_connection_error')).toBe(
      `127.0.0.1:${smtpPort} is this MailSage itself, so mail would come back to it. Name another SMTP server.`,
    )
    const { key } = await server.makeKey({ mode: 'live' })
    const body = { from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't' }
    const { events } = await server.witness(() => server.reply('POST /v1/send', { key, body }))
    expect(events.map(({ type }) => type)).not.toContain('captured')
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'deferred',
        data: expect.objectContaining({
          reply: expect.stringContaining('is this MailSage itself'),
        }),
      }),
    )
    await server.reply('DELETE /v1/relays/{id}', { params: { id: relay.id } })
  })

  test('SMTP_HOST and SMTP_PORT of its own address are ignored, with a warning', async () => {
    const port = String(server.server.smtpPort)
    const logged = server.expectLog(
      /SMTP_HOST and SMTP_PORT name this MailSage itself \(localhost:/,
    )
    await server.restart({ MAILSAGE_SMTP_PORT: port, SMTP_HOST: 'localhost', SMTP_PORT: port })
    await logged
    expect((await server.reply('GET /v1/relays')).data).toEqual([])
    const { key } = await server.makeKey({ mode: 'live' })
    const body = { from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't' }
    expectRefusal(await server.request('POST /v1/send', { key, body }), 'relay_not_configured')
  })
})

const names = () => ['devbox', '192.0.2.7']
/** As getaddrinfo of Linux answers. */
const addresses: Readonly<Record<string, string>> = {
  vm: '127.0.0.1',
  '127.1': '127.0.0.1',
  '0': '0.0.0.0',
  '::ffff:7f00:1': '::ffff:7f00:1',
  '::': '::',
}
const addressesOf = async (host: string) => (host in addresses ? [addresses[host] ?? ''] : [])

test.each([
  ['127.0.0.1', '127.0.0.1', 1025, true],
  ['127.0.0.1', 'localhost', 1025, true],
  ['127.0.0.1', 'LOCALHOST', 2465, true],
  ['127.0.0.1', '127.0.0.1', 2525, false],
  ['127.0.0.1', '127.0.0.2', 1025, false],
  ['127.0.0.1', '192.0.2.7', 1025, false],
  ['127.0.0.1', 'smtp.example.com', 1025, false],
  ['localhost', '::1', 1025, true],
  ['::1', '[::1]', 1025, true],
  ['0.0.0.0', '127.0.0.1', 1025, true],
  ['0.0.0.0', '192.0.2.7', 1025, true],
  ['::', 'DevBox', 1025, true],
  ['0.0.0.0', '192.0.2.8', 1025, false],
  ['127.0.0.1', 'vm', 1025, true],
  ['127.0.0.1', '127.1', 1025, true],
  ['127.0.0.1', '0', 1025, true],
  ['127.0.0.1', '::ffff:7f00:1', 1025, true],
  ['::1', '::', 1025, true],
  ['127.0.0.1', '::', 1025, false],
])(
  'For a server at %s, the relay %s:%i is itself: %s',
  async (listenHost, host, port, expected) => {
    const isOwn = ownSmtp(listenHost, { smtp: 1025, smtps: 2465 }, names, addressesOf)
    expect(await isOwn({ host, port })).toBe(expected)
  },
)
