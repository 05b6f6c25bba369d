import type { z } from 'zod'
import { Fault } from '../../contract/faults.ts'

type Place = 'body' | 'query' | 'path'

/** Parses by a schema, or refuses with a sentence that names the field and what it should be. */
export function parse<S extends z.ZodType>(schema: S, value: unknown, place: Place): z.output<S> {
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  throw toFault(result.error.issues, place)
}

type Issue = z.core.$ZodIssue

function toFault(issues: readonly Issue[], place: Place): Fault {
  const fields = issues.slice(0, 20).map((issue) => ({
    field: issue.path.join('.') || place,
    problem: sentence(issue),
  }))
  const [first] = issues
  const [named] = fields
  if (!first || !named) return new Fault('invalid_request', `The ${place} is not valid.`)
  // An id of the wrong shape names nothing that exists.
  if (place === 'path')
    return new Fault(
      'not_found',
      ended(`There is nothing at this address: “${named.field}” ${named.problem}`),
    )
  if (isMissing(first) && first.path.length > 0) {
    return new Fault('missing_required', `The '${named.field}' field is required.`, {
      field: named.field,
      fields,
    })
  }
  if (first.path.length === 0) {
    const what = place === 'body' ? 'The request body' : 'The query'
    return new Fault('invalid_request', ended(`${what} ${named.problem}`), { fields })
  }
  return new Fault('invalid_parameter', ended(`“${named.field}” ${named.problem}`), {
    field: named.field,
    fields,
  })
}

/** A problem may end in a sentence of its own. */
const ended = (text: string): string => (text.endsWith('.') ? text : `${text}.`)

function isMissing(issue: Issue): boolean {
  const isType = issue.code === 'invalid_type' || issue.code === 'invalid_union'
  return isType && issue.input === undefined
}

function sentence(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${article(issue.expected)}`
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `must be ${issue.minimum} or more`
        : `needs at least ${issue.minimum} ${unit(issue.origin, issue.minimum)}`
    case 'too_big':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `must be ${issue.maximum} or less`
        : `may have at most ${issue.maximum} ${unit(issue.origin, issue.maximum)}`
    case 'invalid_value':
      return `must be one of: ${issue.values.map(String).join(', ')}`
    case 'unrecognized_keys':
      return `has fields that are not known: ${issue.keys.join(', ')}`
    case 'invalid_union':
      return unionSentence(issue)
    case 'invalid_format':
      return issue.message.startsWith('Invalid')
        ? `must be a valid ${issue.format}`
        : `must ${issue.message}`
    case 'custom':
      return issue.message
    default:
      return `is not valid: ${issue.message}`
  }
}

function unionSentence(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  if (issue.input === undefined) return 'is required'
  const firsts = issue.errors.flatMap(([first]) => (first ? [first] : []))
  const kinds = firsts.flatMap((first) =>
    first.code === 'invalid_type' && first.path.length === 0 ? [article(first.expected)] : [],
  )
  if (kinds.length > 0 && kinds.length === firsts.length) return `must be ${kinds.join(' or ')}`
  // Of the forms it may have, the one whose type it already is.
  const [close, ...others] = firsts.filter(
    ({ code, path }) => code !== 'invalid_type' || path.length > 0,
  )
  if (!close || others.length > 0) return 'has none of the forms it may have'
  const place = close.path.join('.')
  return place === '' ? sentence(close) : `has an entry (${place}) that ${sentence(close)}`
}

function unit(origin: string, count: number | bigint): string {
  if (origin === 'string') return count === 1 ? 'character' : 'characters'
  return count === 1 ? 'entry' : 'entries'
}

function article(expected: string): string {
  const word = { int: 'whole number', record: 'object' }[expected] ?? expected
  return /^[aeio]/.test(word) ? `an ${word}` : `a ${word}`
}
