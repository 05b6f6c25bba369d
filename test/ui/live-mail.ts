import { type Sink, startSink } from '../smtp-sink.ts'
import { call, removeRelays, type ServerProcess, test } from './fixtures.ts'

/** Live mail for the tests of a file: a key, and a relay that refuses some recipients. */
export function prepareLiveMail() {
  let sink: Sink
  let key: string

  test.beforeAll(async ({ server }) => {
    await removeRelays(server)
    sink = await startSink()
    const { answer } = await call(server, 'POST', '/v1/api-keys', {
      name: 'Shop backend',
      mode: 'live',
      permissions: ['send'],
    })
    key = answer.key
  })

  test.beforeEach(() => {
    delete sink.rules.message
    sink.rules.recipient = (address) => {
      if (address.startsWith('gone')) return '550 5.1.1 The email account does not exist'
      if (address.startsWith('busy')) return '452 4.2.2 Mailbox is over its quota, try again later'
      return address.startsWith('spam') ? '554 5.7.1 Message refused by policy' : null
    }
  })

  test.afterAll(async ({ server }) => {
    await removeRelays(server)
    await sink.close()
  })

  async function addSink(server: ServerProcess): Promise<void> {
    const { answer } = await call(server, 'GET', '/v1/relays')
    if (answer.data.length > 0) return
    const body = { name: 'Local sink', host: '127.0.0.1', port: sink.port, tls: 'none' }
    await call(server, 'POST', '/v1/relays', { ...body, from_email: 'shop@example.com' })
  }

  async function send(
    server: ServerProcess,
    subject: string,
    to: string | string[],
    more: object = {},
  ) {
    const body = { from: 'Shop <shop@example.com>', to, subject, text: 'Thank you.', ...more }
    return (await call(server, 'POST', '/v1/send', body, key)).answer.id as string
  }

  return {
    addSink,
    send,
    get sink() {
      return sink
    },
    get key() {
      return key
    },
  }
}

export const tomorrow = () => new Date(Date.now() + 26 * 3_600_000).toISOString()
