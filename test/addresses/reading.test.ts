import addressparser from 'nodemailer/lib/addressparser'
import { addressParser } from 'postal-mime'
import { expect, test } from 'vitest'
import { readAddresses } from '../../src-main/contract/address-list.ts'
import { processorMs } from '../fixtures/mail/fixture.ts'
import { createRandom } from '../fixtures/mail/random.ts'
import { startTestServer } from '../test-server.ts'

const pieces: [string, ...string[]] = [
  'ann@x.example',
  ...['bob@y.example', 'evil@evil.example', '"a b"@x.example', 'c@[127.0.0.1]'],
  ...['Ann', 'Bob Lee', '"Lee, Ann"', '"x@y.example"', '=?utf-8?q?J=C3=B6rg?=', 'Team', 'анна'],
  ...['<', '>', ',', ';', ':', '@', '(', ')', '"', '\\', ' ', '  ', '.', '[', ']'],
  ...['\r\n', '\t', '\0', '\u0085', 'RCPT TO:', 'Bcc:', '(a comment)', '()'],
  ...['<ann@x.example>', '<bob@y.example>', '<@a.example:carl@z.example>', ', ', '; '],
]

const random = createRandom(11)
const inventText = (): string =>
  Array.from({ length: 1 + random.below(7) }, () => random.pick(pieces)).join('')

type Parser = (
  text: string,
  options: { flatten: true },
) => readonly { address?: string | undefined }[]

/** Quoted pairs and blanks are kept by some readers and resolved by others. */
const plain = (addresses: readonly (string | undefined)[]): string[] =>
  addresses.flatMap((address) => (address ? [address.replace(/[\\\s]/g, '')] : []))
const readBy = (parser: Parser, text: string) =>
  plain(parser(text, { flatten: true }).map(({ address }) => address))

test('Random text is refused, or read like a parser of received mail reads it', () => {
  let accepted = 0
  for (let count = 0; count < 60_000; count++) {
    const text = inventText()
    const reading = readAddresses(text)
    if (reading.type === 'refused') continue
    accepted += 1
    const read = plain(reading.mailboxes.map(({ address }) => address))
    // Both parsers are lenient in different ways: an address that neither of them reads is an error.
    expect([readBy(addressparser, text), readBy(addressParser, text)], text).toContainEqual(read)
    // Each separate “@” is a recipient; none is lost.
    const comment = /\((?:[^()\\]|\\.)*\)/g
    const bare = text
      .replace(/"(?:[^"\\]|\\.)*"/g, 'q')
      .replace(comment, '')
      .replace(comment, '')
      .replace(comment, '')
      .replace(/<@a\.example:/g, '<')
      // The address once more, in the place of the name.
      .replace(/(\S+@\S+?)\s*<\1>/g, '<$1>')
    expect(bare.split('@').length - 1, text).toBe(read.length)
  }
  expect(accepted).toBeGreaterThan(2000)
})

test('The envelope of an accepted send has the recipients that the parser reads', async () => {
  const testServer = await startTestServer()
  const { key } = await testServer.makeKey({ rate_limit: { requests_per_minute: 1_000_000 } })
  const send = (to: string) =>
    testServer.request('POST /v1/send', {
      key,
      body: { from: 'app@example.com', to, subject: 'Hello', text: 'Hello' },
    })
  let accepted = 0
  for (let count = 0; count < 60; count++) {
    let text = inventText()
    while (count % 2 === 0 && readAddresses(text).type === 'refused') text = inventText()
    const reading = readAddresses(text)
    const { status, body } = await send(text)
    if (reading.type === 'refused' || reading.mailboxes.length === 0) {
      expect(status, text).toBe(400)
      continue
    }
    accepted += 1
    const { id } = body as { readonly id: string }
    const { envelope } = await testServer.reply('GET /v1/inbox/{id}', { params: { id } })
    const read = reading.mailboxes.map(({ address }) => address)
    expect(envelope.rcpt_to, text).toEqual([...new Set(read)])
  }
  expect(accepted).toBeGreaterThan(10)
})

test('A list in every form of RFC 5322 is read completely', () => {
  for (let count = 0; count < 3000; count++) {
    const written = Array.from({ length: 1 + random.below(5) }, inventMailbox)
    const reading = readAddresses(
      written.map(({ text }) => text).join(random.pick([',', ', ', ' , '])),
    )
    expect(reading).toEqual({
      type: 'read',
      mailboxes: written.map(({ name, address }) => ({ name, address })),
    })
  }
})

/** A mailbox in one of its spellings, with comments wherever they may stand. */
function inventMailbox() {
  const comment = () => random.pick(['', '', '', ' (a) ', ' (a (b, c@d.example) \\) e) '])
  const local = random.pick(['ann', 'a.b+c', '"a b"', '"a, b@c.example"', 'анна', "o'brien"])
  const domain = random.pick(['x.example', 'пример.рф', 'localhost', '[127.0.0.1]', '[IPv6:::1]'])
  const address = `${local}@${domain}`
  const spelled = `${comment()}${local}${comment()}@${comment()}${domain}${comment()}`
  const [name, phrase] = random.pick<readonly [string | null, string]>([
    [null, ''],
    ['Ann Lee', 'Ann Lee '],
    ['Ann Q. Lee', 'Ann Q. Lee'],
    ['Lee, Ann <a@b.example>', '"Lee, Ann <a@b.example>" '],
    ['a "b" c', '"a \\"b\\" c"'],
    ['=?utf-8?q?J=C3=B6rg?=', '=?utf-8?q?J=C3=B6rg?= '],
    ['Ann Lee', 'Ann (the first) Lee '],
  ])
  const route = random.pick(['', '', '@relay.example:', '@a.example,@b.example:'])
  if (name === null && random.chance(0.5)) return { name, address, text: `${local}@${domain}` }
  return { name, address, text: `${phrase}<${route}${spelled}>${comment()}` }
}

test.each([
  ['many addresses', 'ann@x.example,'],
  ['open comments', '('],
  ['open quotes', '"\\'],
  ['open angles', 'a<'],
  ['groups', 'a:b@c.example;'],
  ['blanks', ' '],
  ['one long word', 'a'],
  ['many signs', '@'],
])('Reading takes time that grows with the text alone: %s', (_kind, piece) => {
  const timeOf = (length: number): number => {
    const text = piece.repeat(length / piece.length)
    return processorMs(() => readAddresses(text))
  }
  const fastest = (length: number): number => Math.min(...[1, 2, 3].map(() => timeOf(length)))
  timeOf(20_000)
  // Ten times the text takes 100 times as long where reading is quadratic.
  expect(fastest(200_000) / Math.max(5, fastest(20_000))).toBeLessThan(40)
})
