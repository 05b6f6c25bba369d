import { webhooksLabels } from './labels.ts'
export type SignatureCheck =
  | { readonly type: 'incomplete'; readonly missing: readonly string[] }
  | { readonly type: 'valid' }
  | {
      readonly type: 'invalid'
      /** The input to correct. */
      readonly part: 'header' | 'body' | 'secret' | 'body or secret'
      readonly reason: string
      readonly expected: string
    }

type Pasted = { readonly body: string; readonly header: string; readonly secret: string }

/** Computes the signature in the window; sends no request. */
export async function checkSignature(pasted: Pasted): Promise<SignatureCheck> {
  const header = pasted.header.trim().replace(/^x-webhook-signature\s*:\s*/i, '')
  const { body, secret } = pasted
  const missing = [
    ...(body === '' ? [webhooksLabels.check.body] : []),
    ...(header === '' ? [webhooksLabels.check.signature] : []),
    ...(secret === '' ? [webhooksLabels.check.secret] : []),
  ]
  if (missing.length > 0) return { type: 'incomplete', missing }
  const expected = await sign(secret, body)
  if (header === expected) return { type: 'valid' }

  const invalid = (part: 'header' | 'body' | 'secret' | 'body or secret', reason: string) =>
    ({ type: 'invalid', part, reason, expected }) as const
  if (header.toLowerCase() === expected) {
    return invalid('header', webhooksLabels.check.case)
  }
  if (`sha256=${header.toLowerCase()}` === expected) {
    return invalid('header', webhooksLabels.check.prefix)
  }
  if (!/^sha256=[0-9a-f]{64}$/i.test(header)) {
    return invalid('header', webhooksLabels.check.incomplete)
  }
  for (const [part, reason, other] of variants(pasted)) {
    if ((await sign(other.secret, other.body)) === header.toLowerCase())
      return invalid(part, reason)
  }
  return invalid('body or secret', webhooksLabels.check.mismatch)
}

type Variant = readonly [part: 'body' | 'secret', reason: string, Omit<Pasted, 'header'>]

/** Common mistakes; each is tried to find the cause. */
function variants({ body, secret }: Pasted): readonly Variant[] {
  const compact = compactJson(body)
  const found: readonly (Variant | null)[] = [
    ['body', webhooksLabels.check.bodyWhitespace, { body: body.trim(), secret }],
    compact === null || compact === body
      ? null
      : ['body', webhooksLabels.check.reformatted, { body: compact, secret }],
    ['secret', webhooksLabels.check.secretWhitespace, { body, secret: secret.trim() }],
    ['secret', webhooksLabels.check.secretPrefix, { body, secret: `whsec_${secret.trim()}` }],
    ['secret', webhooksLabels.check.bothWhitespace, { body: body.trim(), secret: secret.trim() }],
  ]
  return found.filter((variant) => variant !== null)
}

function compactJson(body: string): string | null {
  try {
    return JSON.stringify(JSON.parse(body))
  } catch {
    return null
  }
}

async function sign(secret: string, body: string): Promise<string> {
  const encoder = new TextEncoder()
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, [
    'sign',
  ])
  const digest = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(body)))
  return `sha256=${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
