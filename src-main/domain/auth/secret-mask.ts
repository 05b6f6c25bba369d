/** Takes API keys out of a text that is to be recorded. */
export type SecretMask = (text: string) => string

const placeholder = '(API_KEY)'
const prefixes = ['ms', 'sk'].flatMap((family) =>
  ['live', 'test', 'console'].map((kind) => `${family}_${kind}_`),
)
/** `=` and `+` are the percent sign of quoted-printable and of xtext (RFC 3461). */
const escapeSigns = '[%=+]'
/** A letter, a digit or an underscore, as it is or escaped. */
const encodedWordCharacter = `(?:\\w|${escapeSigns}(?:3\\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a]))`
/** The prefix stays, so that the kind of key can be seen. */
const ownKey = new RegExp(`(${prefixes.map(encoded).join('|')})${encodedWordCharacter}+`, 'gi')
/** Shorter ones occur by chance. */
const minBase64Length = 6

/**
 * One mask for everything that records words of a client: transcripts, the access log, events, the
 * error log. A client may give its key anywhere: as a command, a name, an address, a user agent; as
 * it is, in another case, with escapes, in base64. `secrets` are keys without a prefix of ours, such
 * as API_KEY of the environment.
 */
export function createSecretMask(secrets: readonly string[]): SecretMask {
  const byLength = [...new Set(secrets)].sort((one, other) => other.length - one.length)
  const outside = byLength.length === 0 ? null : new RegExp(byLength.map(encoded).join('|'), 'gi')
  const inBase64 = new RegExp(base64Fragments([...prefixes, ...byLength]).join('|'), 'i')

  return (text) => {
    const masked = outside ? text.replace(outside, () => placeholder) : text
    return withoutBase64(masked.replace(ownKey, '$1…'), inBase64)
  }
}

/** A pattern of a text whose characters may be escaped: in a URL, in mail, in JSON. */
function encoded(text: string): string {
  return Array.from(text, (character) => {
    const literal = escapePattern(character)
    const inJson = escapePattern(JSON.stringify(character).slice(1, -1))
    const cases = [character.toLowerCase(), character.toUpperCase()]
    const escaped = cases.map((each) =>
      Array.from(Buffer.from(each), (byte) => `${escapeSigns}${hexOf(byte)}`).join(''),
    )
    return `(?:${[...new Set([literal, inJson, ...escaped])].join('|')})`
  }).join('')
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/** The characters of base64 that a text determines, at each of the three places it may begin at. */
function base64Fragments(texts: readonly string[]): string[] {
  const fragments = texts
    .flatMap((text) => [text, text.toLowerCase(), text.toUpperCase()])
    .flatMap((text) => [0, 1, 2].map((shift) => base64Fragment(Buffer.from(text), shift)))
    .filter((fragment) => fragment.length >= minBase64Length)
  return [...new Set(fragments)].map((fragment) =>
    escapePattern(fragment).replaceAll('\\+', '[+\\-]').replaceAll('\\/', '[/_]'),
  )
}

function base64Fragment(bytes: Buffer, shift: number): string {
  const first = Math.ceil((shift * 8) / 6)
  const end = Math.floor(((shift + bytes.length) * 8) / 6)
  return Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .slice(first, end)
}

const isBase64 = (character: string): boolean => /[A-Za-z0-9+/_=-]/.test(character)

/** Takes whole words of base64 away; `\n` and `\u00e9` of JSON before them stay. */
function withoutBase64(text: string, fragments: RegExp): string {
  let masked = ''
  let rest = text
  for (let at = rest.search(fragments); at !== -1; at = rest.search(fragments)) {
    let start = at
    let end = at + 1
    while (start > 0 && isBase64(rest.charAt(start - 1))) start -= 1
    while (end < rest.length && isBase64(rest.charAt(end))) end += 1
    if (rest.charAt(start - 1) === '\\') start += rest.charAt(start) === 'u' ? 5 : 1
    masked += rest.slice(0, start) + placeholder
    rest = rest.slice(end)
  }
  return masked + rest
}
