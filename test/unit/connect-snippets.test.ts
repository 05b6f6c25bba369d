import { describe, expect, it } from 'vitest'
import { faults } from '../../src-main/contract/faults.ts'
import { colourCode } from '../../src-renderer/features/connect/colour-code.ts'
import { adviceFor } from '../../src-renderer/features/connect/refusals.ts'
import type { Facts, SampleProtocol } from '../../src-renderer/features/connect/snippets/sample.ts'
import { samples } from '../../src-renderer/features/connect/snippets/samples.ts'

const facts: Facts = {
  host: '10.20.30.40',
  smtpPort: 12_525,
  httpPort: 18_025,
  url: 'http://10.20.30.40:18025',
}
const key = 'ms_test_0123456789abcdefghij'

const versions = samples.flatMap(({ id, versions: each }) =>
  each.map(({ protocol, files }) => [`${id}, ${protocol}`, protocol, files] as const),
)

describe('Every connect snippet', () => {
  it.each(versions)('%s names the address, the port and the key', (_, protocol, files) => {
    const text = files.map((file) => file.text(facts, key)).join('\n')
    expect(text).toContain(facts.host)
    expect(text).toContain(String(protocol === 'smtp' ? facts.smtpPort : facts.httpPort))
    expect(text).toContain(key)
  })

  it.each(versions.filter(([name]) => !name.startsWith('docker')))(
    '%s names the endpoint of its dialect',
    (_, protocol, files) => {
      const text = files.map((file) => file.text(facts, key)).join('\n')
      const paths = { selfmx: '/v1/send', mailsage: '/api/v1/emails/send', smtp: '' }
      expect(text).toContain(paths[protocol])
    },
  )

  it.each(versions)('%s is the same text with syntax colours', (_, __, files) => {
    for (const file of files) {
      const code = file.text(facts, key)
      expect(
        colourCode(code, file.syntax)
          .map(({ text }) => text)
          .join(''),
      ).toBe(code)
    }
  })

  it('Every snippet has its own id, and each method appears once', () => {
    expect(new Set(samples.map(({ id }) => id)).size).toBe(samples.length)
    for (const { versions: each } of samples) {
      const all: SampleProtocol[] = each.map(({ protocol }) => protocol)
      expect(new Set(all).size).toBe(all.length)
    }
  })
})

describe('The syntax colours', () => {
  it('Comments, strings and words have different colours', () => {
    const pieces = colourCode("const a = 'b' // c", 'script')
    expect(pieces.filter(({ kind }) => kind !== 'plain')).toEqual([
      { text: 'const', kind: 'word' },
      { text: "'b'", kind: 'string' },
      { text: '// c', kind: 'comment' },
    ])
  })

  it('The slashes of a URL are no comment', () => {
    const kinds = colourCode('fetch(http://a.example)', 'script').map(({ kind }) => kind)
    expect(kinds).toEqual(['plain'])
  })
})

describe('The advice for a refusal', () => {
  const first = [
    'missing_api_key',
    'invalid_api_key',
    'expired_api_key',
    'insufficient_permissions',
    'address_not_allowed',
    'sender_not_allowed',
    'rate_limit_exceeded',
    'daily_limit_exceeded',
    'invalid_sender',
    'invalid_recipient',
    'missing_required',
    'invalid_parameter',
    'invalid_request',
    'relay_not_configured',
  ] as const
  it.each(first)('The refusal %s, which a first attempt can meet, has advice', (fault) => {
    expect(faults).toHaveProperty(fault)
    expect(adviceFor(fault).fix).not.toBe(adviceFor('something_else').fix)
  })

  it('Any other refusal links to the log', () => {
    expect(adviceFor('some_other_fault')).toEqual({
      problem: 'Request refused: some other fault',
      fix: 'The log has the details.',
    })
  })
})
