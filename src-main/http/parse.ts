import type { z } from 'zod'
import { Fault } from '../contract/faults.ts'
import { problemText } from '../contract/problems.ts'

type Place = 'body' | 'query' | 'path'

/** Parses by a schema, or throws a refusal that names the field and the problem. */
export function parse<S extends z.ZodType>(schema: S, value: unknown, place: Place): z.output<S> {
  const result = schema.safeParse(value, { error: problemText, reportInput: true })
  if (result.success) return result.data
  throw toFault(result.error.issues, place)
}

type Issue = z.core.$ZodIssue

function toFault(issues: readonly Issue[], place: Place): Fault {
  const fields = issues.slice(0, 20).map((issue) => ({
    field: issue.path.join('.') || place,
    problem: issue.message,
  }))
  const [first] = issues
  const [named] = fields
  if (!first || !named) return new Fault('invalid_request', `The ${place} is not valid.`)
  // No resource has an id of another shape.
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
  if (place === 'body' && first.path.length === 0 && isMissing(first)) {
    return new Fault('invalid_request', 'The request needs a body. Send a JSON object.', { fields })
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

/** A problem may already end with a full stop. */
const ended = (text: string): string => (text.endsWith('.') ? text : `${text}.`)

function isMissing(issue: Issue): boolean {
  const isType = issue.code === 'invalid_type' || issue.code === 'invalid_union'
  return isType && issue.input === undefined
}
