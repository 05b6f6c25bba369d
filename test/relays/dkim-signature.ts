import { createHash, createPublicKey, createVerify } from 'node:crypto'

/**
 * Verifies a DKIM signature (RFC 6376) with relaxed canonicalization and rsa-sha256, by the TXT
 * record alone; answers its tags, or throws with what does not hold.
 */
export function verifyDkim(raw: Buffer, dnsValue: string): ReadonlyMap<string, string> {
  const text = raw.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const fields = text.slice(0, end).split(/\r\n(?![ \t])/)
  const signature = fields.find((field) => /^dkim-signature:/i.test(field))
  if (!signature) throw new Error('There is no signature')
  const tags = tagsOf(signature.slice(signature.indexOf(':') + 1))
  if (tags.get('c') !== 'relaxed/relaxed' || tags.get('a') !== 'rsa-sha256') {
    throw new Error(`Signed by ${tags.get('a')} ${tags.get('c')}`)
  }

  const body = relaxBody(text.slice(end + 4))
  const bodyHash = createHash('sha256').update(body, 'latin1').digest('base64')
  if (bodyHash !== tags.get('bh')) throw new Error('The body was changed')

  const left = [...fields]
  const signed = (tags.get('h') ?? '').split(':').flatMap((name) => {
    const index = left.findLastIndex(
      (field) => field.slice(0, field.indexOf(':')).trim().toLowerCase() === name.toLowerCase(),
    )
    return index === -1 ? [] : left.splice(index, 1).map(relaxField)
  })
  const own = relaxField(signature).replace(/\bb=[^;]*$/, 'b=')
  const key = createPublicKey({
    key: Buffer.from(tagsOf(dnsValue).get('p') ?? '', 'base64'),
    format: 'der',
    type: 'spki',
  })
  const verify = createVerify('RSA-SHA256').update([...signed, own].join('\r\n'), 'latin1')
  if (!verify.verify(key, tags.get('b') ?? '', 'base64')) throw new Error('The signature is wrong')
  return tags
}

function tagsOf(text: string): Map<string, string> {
  return new Map(
    text.split(';').flatMap((tag) => {
      const [, name, value] = /^\s*(\w+)\s*=([\s\S]*)$/.exec(tag) ?? []
      return name === undefined ? [] : [[name, (value ?? '').replace(/\s+/g, '')]]
    }),
  )
}

/** RFC 6376 §3.4.2 */
function relaxField(field: string): string {
  const colon = field.indexOf(':')
  const value = field
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim()
  return `${field.slice(0, colon).trim().toLowerCase()}:${value}`
}

/** RFC 6376 §3.4.4 */
function relaxBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
  while (lines.at(-1) === '') lines.pop()
  return lines.length === 0 ? '' : `${lines.join('\r\n')}\r\n`
}
