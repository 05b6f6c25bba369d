import type { z } from 'zod'
import { nearest } from '../base/nearest.ts'
import { shown } from '../contract/addresses.ts'
import { Fault } from '../contract/faults.ts'
import { parse } from './parse.ts'

/** Parses the query. Unknown names are refused rather than ignored. */
export function parseQuery(schema: z.ZodObject | undefined, query: unknown): unknown {
  const known = Object.keys(schema?.shape ?? {})
  for (const [name, value] of Object.entries(Object(query))) {
    if (!known.includes(name)) throw unknownParameter(name, known)
    if (Array.isArray(value)) throw repeatedParameter(name)
  }
  return schema && parse(schema, query, 'query')
}

function unknownParameter(name: string, known: readonly string[]): Fault {
  const near = nearest(name, known)
  const sentences = [
    `There is no query parameter “${shown(name)}”.`,
    ...(near === undefined ? [] : [`Did you mean “${near}”?`]),
    known.length === 0 ? 'This path takes none.' : `This path takes: ${known.join(', ')}.`,
  ]
  return new Fault('invalid_parameter', sentences.join(' '), { field: shown(name), known })
}

function repeatedParameter(name: string): Fault {
  return new Fault(
    'invalid_parameter',
    `The query parameter “${name}” is given more than once. Give it once.`,
    { field: name },
  )
}
