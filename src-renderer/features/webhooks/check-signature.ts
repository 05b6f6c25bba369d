export type Checked =
  | { readonly type: 'incomplete'; readonly missing: readonly string[] }
  | { readonly type: 'genuine' }
  | {
      readonly type: 'wrong'
      /** Which of the three to look at. */
      readonly part: 'header' | 'body' | 'secret' | 'body or secret'
      readonly reason: string
      readonly expected: string
    }

type Pasted = { readonly body: string; readonly header: string; readonly secret: string }

/** Computes the signature anew, in the window; nothing is sent anywhere. */
export async function checkSignature(pasted: Pasted): Promise<Checked> {
  const header = pasted.header.trim().replace(/^x-webhook-signature\s*:\s*/i, '')
  const { body, secret } = pasted
  const missing = [
    ...(body === '' ? ['the body'] : []),
    ...(header === '' ? ['the signature'] : []),
    ...(secret === '' ? ['the secret'] : []),
  ]
  if (missing.length > 0) return { type: 'incomplete', missing }
  const expected = await sign(secret, body)
  if (header === expected) return { type: 'genuine' }

  const wrong = (part: 'header' | 'body' | 'secret' | 'body or secret', reason: string) =>
    ({ type: 'wrong', part, reason, expected }) as const
  if (header.toLowerCase() === expected) {
    return wrong('header', 'The signature is right but for capital letters: it is lower-case hex.')
  }
  if (`sha256=${header.toLowerCase()}` === expected) {
    return wrong('header', 'The “sha256=” in front is missing. Compare the whole header.')
  }
  if (!/^sha256=[0-9a-f]{64}$/i.test(header)) {
    return wrong(
      'header',
      'A signature is “sha256=” and 64 characters of hex. This one is not whole.',
    )
  }
  for (const [part, reason, other] of variants(pasted)) {
    if ((await sign(other.secret, other.body)) === header.toLowerCase()) return wrong(part, reason)
  }
  return wrong(
    'body or secret',
    'The signature was made of other bytes or with another secret. Paste the raw body as it came, and check that the secret is this webhook’s.',
  )
}

type Variant = readonly [part: 'body' | 'secret', reason: string, Omit<Pasted, 'header'>]

/** What people trip over; each is tried, to say which it was. */
function variants({ body, secret }: Pasted): readonly Variant[] {
  const compact = written(body)
  const found: readonly (Variant | null)[] = [
    compact === null || compact === body
      ? null
      : [
          'body',
          'The body was written anew: it came compact, without line breaks or spaces between. Sign the raw bytes.',
          { body: compact, secret },
        ],
    [
      'body',
      'The body has a line break or spaces at its ends that did not come with it.',
      { body: body.trim(), secret },
    ],
    [
      'secret',
      'The secret has a space or a line break at its ends.',
      { body, secret: secret.trim() },
    ],
    [
      'secret',
      'The beginning “whsec_” is part of the secret, and it is missing here.',
      { body, secret: `whsec_${secret.trim()}` },
    ],
    [
      'secret',
      'Both the body and the secret have something at their ends that does not belong there.',
      { body: body.trim(), secret: secret.trim() },
    ],
  ]
  return found.filter((variant) => variant !== null)
}

function written(body: string): string | null {
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
