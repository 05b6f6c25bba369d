import type { z } from 'zod'

type RawIssue = z.core.$ZodRawIssue
type Issue = z.core.$ZodIssue

/**
 * The problem with a value, as the end of a sentence that begins with its field: “must be a number”.
 * Every parse of external input uses it in place of zod's own messages. Schemas write their messages
 * in the same form.
 */
export function problemText(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${article(issue.expected)}`
    case 'too_small':
      return limitProblem(issue.origin, issue.minimum, issue, 'small')
    case 'too_big':
      return limitProblem(issue.origin, issue.maximum, issue, 'big')
    case 'invalid_value':
      return `must be one of: ${issue.values.map(String).join(', ')}`
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'unrecognized_keys':
      return `has fields that are not known: ${issue.keys.join(', ')}`
    case 'invalid_key':
      return `has a name that ${issue.issues[0]?.message ?? 'is not allowed'}`
    case 'invalid_element':
      return `has an entry that ${issue.issues[0]?.message ?? 'is not allowed'}`
    case 'invalid_union':
      return unionProblem(issue)
    case 'invalid_format':
      return formatProblem(issue)
    default:
      return 'is not valid'
  }
}

type Limit = { readonly inclusive?: boolean; readonly exact?: boolean }

function limitProblem(
  origin: string,
  limit: number | bigint,
  { inclusive = true, exact = false }: Limit,
  side: 'small' | 'big',
): string {
  if (origin === 'date') {
    const time = new Date(Number(limit)).toISOString().slice(0, 16).replace('T', ' ')
    return `must not be ${side === 'small' ? 'before' : 'after'} ${time} UTC`
  }
  if (['number', 'int', 'bigint'].includes(origin)) {
    if (!inclusive) return `must be ${side === 'small' ? 'more' : 'less'} than ${limit}`
    return `must be ${limit} or ${side === 'small' ? 'more' : 'less'}`
  }
  const things = `${limit} ${unit(origin, limit)}`
  if (exact) return `must have ${things}`
  return side === 'small' ? `needs at least ${things}` : `may have at most ${things}`
}

function unit(origin: string, count: number | bigint): string {
  const isOne = Number(count) === 1
  if (origin === 'string') return isOne ? 'character' : 'characters'
  if (origin === 'file') return isOne ? 'byte' : 'bytes'
  return isOne ? 'entry' : 'entries'
}

const formats: Readonly<Record<string, string>> = {
  email: 'an email address such as ann@example.com',
  url: 'an address such as https://example.com/hook',
  datetime: 'a time such as 2026-01-15T10:30:00Z',
  date: 'a date such as 2026-01-15',
  time: 'a time of day such as 10:30:00',
  duration: 'a duration such as P1D',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  cidrv4: 'a range of IPv4 addresses',
  cidrv6: 'a range of IPv6 addresses',
  uuid: 'a UUID',
  base64: 'base64',
  base64url: 'base64url',
}

function formatProblem(issue: {
  readonly format: string
  readonly [part: string]: unknown
}): string {
  const { format, prefix, suffix, includes, pattern } = issue
  if (format === 'starts_with') return `must begin with “${prefix}”`
  if (format === 'ends_with') return `must end with “${suffix}”`
  if (format === 'includes') return `must have “${includes}” in it`
  const known = formats[format]
  if (known !== undefined) return `must be ${known}`
  return format === 'regex' ? `must match the pattern ${pattern}` : `must be a valid ${format}`
}

function unionProblem(issue: Extract<RawIssue, { code: 'invalid_union' }>): string {
  if (issue.input === undefined) return 'is required'
  const firsts = (issue.errors ?? []).flatMap(([first]): Issue[] => (first ? [first] : []))
  const kinds = firsts.flatMap(({ path, message }) =>
    path.length === 0 && message.startsWith('must be ') ? [message.slice('must be '.length)] : [],
  )
  // The form whose type the value already has.
  const [close, ...others] = firsts.filter(
    ({ code, path }) => code !== 'invalid_type' || path.length > 0,
  )
  if (close && others.length === 0) {
    const place = close.path.join('.')
    return place === '' ? close.message : `has an entry (${place}) that ${close.message}`
  }
  if (kinds.length > 0 && kinds.length === firsts.length) return `must be ${kinds.join(' or ')}`
  return 'has none of the allowed forms'
}

function article(expected: string): string {
  const word = { int: 'whole number', record: 'object' }[expected] ?? expected
  return /^[aeio]/.test(word) ? `an ${word}` : `a ${word}`
}
