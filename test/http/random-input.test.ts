import { describe, expect, it } from 'vitest'
import { createRandom, type Random } from '../fixtures/mail/random.ts'
import { knownRoutes } from '../route-conformance.ts'
import { type Line, startTestServer } from '../test-server.ts'

const testServer = await startTestServer()
const admin = await testServer.makeKey({
  mode: 'live',
  permissions: ['*'],
  rate_limit: { requests_per_minute: 1_000_000 },
})
const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', html: '<p>x</p>' }
const messages: string[] = []
for (let count = 0; count < 20; count++) {
  const { key } = await testServer.makeKey()
  messages.push((await testServer.reply('POST /v1/send', { key, body: mail })).id)
}

/** Values that are invalid in different ways. */
const words: [string, ...string[]] = [
  '',
  ' ',
  '0',
  '-1',
  '1e999',
  'NaN',
  'null',
  'true',
  '\u0000',
  '\ud800',
  '😀'.repeat(40),
  'a@b.c',
  'A <a@b.c>, "x" <',
  '<script>',
  "' OR 1=1 --",
  '%s%n',
  '../../..',
  '{{7*7}}',
  '\r\nBcc: x@y.z',
  'x'.repeat(5000),
  '2026-01-15T10:30:00Z',
  '9999-12-31T23:59:59Z',
  'msg_1',
  'key_1',
  'relay_1',
  'send',
  'live',
  'from:x OR -tag:"y',
  'before:2026-01-01 header:x=1',
]

/** Parameter names of the routes, so that their values are checked. */
const names: [string, ...string[]] = [
  'from',
  'to',
  'cc',
  'bcc',
  'reply_to',
  'subject',
  'html',
  'text',
  'headers',
  'attachments',
  'template_id',
  'template_data',
  'tags',
  'metadata',
  'name',
  'mode',
  'permissions',
  'tenant_id',
  'expires_in_days',
  'rate_limit',
  'inbox',
  'allowed_senders',
  'allowed_ips',
  'grace_seconds',
  'enabled',
  'ids',
  'read',
  'remote_content',
  'host',
  'port',
  'username',
  'password',
  'tls',
  'tls_verify',
  'from_email',
  'priority',
  'plan',
  'anonymous_capture',
  'recipient',
  'email',
  'body',
  'key_type',
  'requests_per_minute',
  'emails_per_day',
  'content',
  'filename',
  'smtp_id',
  'query',
  'add_tags',
  'constructor',
  'toString',
  'length',
  '',
  '__proto__x',
]
const queryNames: [string, ...string[]] = [
  'page',
  'limit',
  'status',
  'from',
  'to',
  'before',
  'after',
  'inbox',
  'query',
  'unread',
  'types',
  'bucket',
  'key_id',
  'days',
  '__proto__',
  'x',
]

function randomValue(random: Random, depth = 0): unknown {
  switch (random.below(depth > 4 ? 6 : 9)) {
    case 0:
      return null
    case 1:
      return random.chance(0.5)
    case 2:
      return random.pick([0, -1, 1, 0.5, 1e308, -1e308, 2 ** 53, 25, 2 ** 31, 1e21])
    case 3:
    case 4:
    case 5:
      return random.pick(words)
    case 6:
      return Array.from({ length: random.below(5) }, () => randomValue(random, depth + 1))
    default:
      return Object.fromEntries(
        Array.from({ length: random.below(8) }, () => [
          random.pick(names),
          randomValue(random, depth + 1),
        ]),
      )
  }
}

/** Half of the bodies are valid except for one field. */
function randomBody(random: Random, line: string): unknown {
  const almost = samples[line]
  if (!almost || random.chance(0.4)) return randomValue(random)
  const name = random.chance(0.5) ? random.pick(names) : (Object.keys(almost)[0] ?? '')
  return { ...almost, [name]: randomValue(random) }
}

const samples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'POST /v1/send': mail,
  'POST /v1/api-keys': { name: 'x' },
  'POST /v1/relays': { name: 'x', host: '127.0.0.1' },
  'PATCH /v1/inbox': { read: true },
  'POST /v1/inbox/delete': { ids: ['msg_1'] },
  'POST /api/v1/emails/send': { recipient: { email: 'a@example.com' }, subject: 'x', body: 'x' },
  'POST /api/v1/api-keys': { name: 'x' },
}

function randomHeaders(random: Random): Record<string, string> {
  const plain = (text: string) => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 2000)
  return Object.fromEntries(
    ['accept', 'last-event-id', 'user-agent', 'x-forwarded-for', 'range', 'if-none-match', 'cookie']
      .filter(() => random.chance(0.3))
      .map((name) => [name, plain(random.pick(words))]),
  )
}

/** Outgoing connections, the event stream and waits have their own tests. */
const elsewhere = [
  'POST /v1/relays/test',
  'POST /v1/relays/{id}/test',
  'POST /v1/test-smtp',
  'GET /v1/events',
  'GET /v1/inbox/wait',
]
const targets = knownRoutes.filter(({ line }) => !elsewhere.includes(line))
const rounds = 60

describe.each(targets)('$line', ({ line }) => {
  it('Random input gets a declared response', { timeout: 60_000 }, async () => {
    const seed = [...line].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) | 0
    const random = createRandom(seed)
    for (let round = 0; round < rounds; round++) {
      const id = random.chance(0.5) ? random.pick(words) : (messages[random.below(20)] ?? '')
      const call = {
        key: admin.key,
        params: { id: id || 'x', n: random.below(3), ticket: `${id || 'x'}.a.0.b` },
        query: Object.fromEntries(
          Array.from({ length: random.below(3) }, () => [
            random.pick(queryNames),
            random.pick(words).slice(0, 600),
          ]),
        ),
        headers: randomHeaders(random),
        ...(line.startsWith('GET ') || random.chance(0.1)
          ? {}
          : { body: randomBody(random, line) }),
      }
      // `request` throws where a status or body is not what the route declares.
      const answer = await testServer.request(line as Line, wellFormed(call)).catch((error) => {
        throw new Error(`Seed ${seed}, round ${round}: ${JSON.stringify(call)}`, { cause: error })
      })
      expect(answer.status, JSON.stringify(call)).toBeLessThan(500)
    }
  })
})

/** A lone surrogate cannot be percent-encoded. */
function wellFormed<
  C extends { readonly params: { readonly id: string; readonly ticket: string } },
>(call: C): C {
  const { id, ticket } = call.params
  return {
    ...call,
    params: { ...call.params, id: wellFormedText(id), ticket: wellFormedText(ticket) },
  }
}

const wellFormedText = (text: string) => text.replace(/\p{Surrogate}/gu, '?')
