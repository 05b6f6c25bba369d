import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { connectionProblem } from '../../src-main/base/connection-problem.ts'
import { fileProblem } from '../../src-main/base/file-problem.ts'
import { problemText } from '../../src-main/contract/problems.ts'
import { knownRoutes } from '../route-conformance.ts'

const raw = /expected|received|Invalid|Too (small|big)|Unrecognized|\bNaN\b|undefined|\[object/
const number = z.coerce.number()

describe('The messages of zod issues', () => {
  it.each<readonly [z.ZodType, unknown, string]>([
    [z.string(), undefined, 'is required'],
    [z.string(), 5, 'must be a string'],
    [z.int(), 1.5, 'must be a whole number'],
    [number, 'abc', 'must be a number'],
    [number.int(), '1.5', 'must be a whole number'],
    [number.int(), '1e999', 'must be a number'],
    [z.object({}), [], 'must be an object'],
    [z.record(z.string(), z.string()), 1, 'must be an object'],
    [z.string().nonoptional(), undefined, 'is required'],
    [z.number().min(1), 0, 'must be 1 or more'],
    [z.number().max(5), 6, 'must be 5 or less'],
    [z.number().gt(1), 1, 'must be more than 1'],
    [z.number().lt(5), 5, 'must be less than 5'],
    [z.string().min(2), 'a', 'needs at least 2 characters'],
    [z.string().max(1), 'ab', 'may have at most 1 character'],
    [z.string().length(2), 'a', 'must have 2 characters'],
    [z.array(z.int()).min(1), [], 'needs at least 1 entry'],
    [z.array(z.int()).max(2), [1, 2, 3], 'may have at most 2 entries'],
    [z.set(z.int()).max(0), new Set([1]), 'may have at most 0 entries'],
    [
      z.date().max(new Date('2026-01-15T10:30:00Z')),
      new Date('2027-01-01'),
      'must not be after 2026-01-15 10:30 UTC',
    ],
    [
      z.date().min(new Date('2026-01-15T10:30:00Z')),
      new Date('2025-01-01'),
      'must not be before 2026-01-15 10:30 UTC',
    ],
    [z.number().multipleOf(5), 3, 'must be a multiple of 5'],
    [z.enum(['a', 'b']), 'c', 'must be one of: a, b'],
    [z.literal(1), 2, 'must be one of: 1'],
    [z.strictObject({}), { x: 1 }, 'has fields that are not known: x'],
    [
      z.record(z.string().max(1), z.int()),
      { ab: 1 },
      'has a name that may have at most 1 character',
    ],
    [z.map(z.string(), z.int()), new Map([[{}, 1]]), 'has a name that must be a string'],
    [z.map(z.object({}), z.int()), new Map([[{}, 'x']]), 'has an entry that must be a number'],
    [z.union([z.string(), z.int()]), true, 'must be a string or a number'],
    [z.union([z.string(), z.array(z.string())]), [1], 'has an entry (0) that must be a string'],
    [z.union([z.ipv4(), z.cidrv6()]), 'x', 'must be an IPv4 address or a range of IPv6 addresses'],
    [
      z.union([z.object({ a: z.int() }), z.object({ b: z.int() })]),
      {},
      'has none of the allowed forms',
    ],
    [z.email(), 'x', 'must be an email address such as ann@example.com'],
    [z.url(), 'x', 'must be an address such as https://example.com/hook'],
    [z.iso.datetime(), 'x', 'must be a time such as 2026-01-15T10:30:00Z'],
    [z.string().startsWith('a'), 'b', 'must begin with “a”'],
    [z.string().endsWith('a'), 'b', 'must end with “a”'],
    [z.string().includes('a'), 'b', 'must have “a” in it'],
    [z.string().regex(/^a$/), 'b', 'must match the pattern /^a$/'],
    [z.emoji(), 'b', 'must be a valid emoji'],
    [z.string().refine(() => false), 'b', 'is not valid'],
    [z.string().refine(() => false, 'must be ours'), 'b', 'must be ours'],
  ])('Issue %# has a sentence of MailSage: %s', (schema, value, sentence) => {
    const { error } = schema.safeParse(value, { error: problemText, reportInput: true })
    expect(error?.issues[0]?.message).toBe(sentence)
    expect(sentence).not.toMatch(raw)
  })

  it('Every issue of every schema of every route has a sentence, for values of every kind', () => {
    const values = [undefined, null, true, -1, 1.5, Number.NaN, '', '\0', 'x'.repeat(3000), [], {}]
    for (const { line, route } of knownRoutes) {
      for (const schema of [route.params, route.query, route.body]) {
        const fields = schema && 'shape' in schema ? Object.keys(Object(schema.shape)) : []
        const inputs = [
          ...values,
          ...fields.flatMap((name) => values.map((value) => ({ [name]: value }))),
        ]
        for (const input of inputs) {
          const { error } =
            schema?.safeParse(input, { error: problemText, reportInput: true }) ?? {}
          for (const { message } of error?.issues ?? []) {
            expect(message, line).not.toMatch(raw)
            expect(message, line).toMatch(/^(is|must|needs|may|has) /)
          }
        }
      }
    }
  })
})

describe('The message of a failed connection', () => {
  const failure = (code: string, message = 'x') => Object.assign(new Error(message), { code })
  it.each<readonly [unknown, string]>([
    [failure('ECONNREFUSED'), 'Nothing listens at mail.example:25 (ECONNREFUSED).'],
    [failure('ENOTFOUND'), 'The name mail.example has no address (ENOTFOUND).'],
    [failure('EAI_AGAIN'), 'The name server did not answer for mail.example (EAI_AGAIN).'],
    [failure('ETIMEDOUT'), 'mail.example:25 did not answer in time (ETIMEDOUT).'],
    [failure('ECONNRESET'), 'mail.example:25 ended the connection (ECONNRESET).'],
    [failure('EPIPE'), 'mail.example:25 ended the connection (EPIPE).'],
    [failure('EHOSTUNREACH'), 'This machine has no route to mail.example:25 (EHOSTUNREACH).'],
    [failure('EACCES'), 'This machine does not allow a connection to mail.example:25 (EACCES).'],
    [failure('EMFILE'), 'This machine has too many connections or files open (EMFILE).'],
    [
      failure(
        'DEPTH_ZERO_SELF_SIGNED_CERT',
        'self-signed certificate; if the root CA is installed locally, try running Node.js with --use-system-ca',
      ),
      'The certificate of mail.example is self-signed, and this machine does not trust it (DEPTH_ZERO_SELF_SIGNED_CERT).',
    ],
    [
      failure('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
      'The certificate of mail.example comes from an authority that this machine does not trust (UNABLE_TO_VERIFY_LEAF_SIGNATURE).',
    ],
    [
      failure('CERT_HAS_EXPIRED'),
      'The certificate of mail.example has expired (CERT_HAS_EXPIRED).',
    ],
    [
      failure('ERR_TLS_CERT_ALTNAME_INVALID'),
      'The certificate is not for the name mail.example (ERR_TLS_CERT_ALTNAME_INVALID).',
    ],
    [
      failure('HPE_INVALID_CONSTANT'),
      'mail.example:25 answered something that is not HTTP (HPE_INVALID_CONSTANT).',
    ],
    [
      failure('EWHATEVER', 'getaddrinfo with --use-system-ca'),
      'mail.example:25 cannot be reached (EWHATEVER).',
    ],
    [new Error('something else'), 'mail.example:25 cannot be reached.'],
    [undefined, 'mail.example:25 cannot be reached.'],
    // As nodemailer, fetch and OpenSSL wrap them.
    [
      Object.assign(failure('ESOCKET'), { originalCode: 'ECONNREFUSED' }),
      'Nothing listens at mail.example:25 (ECONNREFUSED).',
    ],
    [
      failure('ETLS', 'Error initiating TLS - certificate has expired'),
      'The certificate of mail.example has expired (CERT_HAS_EXPIRED).',
    ],
    [
      Object.assign(new TypeError('fetch failed'), { cause: failure('ECONNREFUSED') }),
      'Nothing listens at mail.example:25 (ECONNREFUSED).',
    ],
    [
      new AggregateError([failure('ECONNREFUSED', 'connect ECONNREFUSED ::1:25')]),
      'Nothing listens at mail.example:25 (ECONNREFUSED).',
    ],
    [
      failure(
        'ESOCKET',
        '00DA:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:ssl.c:1:',
      ),
      'mail.example:25 does not speak TLS, or another version of it (ERR_SSL_WRONG_VERSION_NUMBER).',
    ],
  ])('Failure %# has a sentence with its code: %s', (error, sentence) => {
    expect(connectionProblem(error, 'mail.example:25')).toBe(sentence)
  })
})

it.each([
  ['ENOENT', 'there is no such file or folder (ENOENT)'],
  ['EACCES', 'its permissions do not allow it (EACCES)'],
  ['EISDIR', 'it is a folder (EISDIR)'],
  ['ENOSPC', 'its disk is full (ENOSPC)'],
  ['EWHATEVER', 'the system refuses it (EWHATEVER)'],
  [undefined, 'the system gives no reason'],
])('A file that fails with %s gives the reason', (code, sentence) => {
  expect(fileProblem(Object.assign(new Error('x'), { code }))).toBe(sentence)
})
