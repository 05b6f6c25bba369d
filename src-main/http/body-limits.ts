import { z } from 'zod'
import type { JsonLimits } from './json-meter.ts'
import type { AnyRoute } from './route.ts'

const maxSmallBodyBytes = 1024 * 1024
/** 25 MiB of attachments as base64, with room for the rest. */
const maxMessageBodyBytes = 40 * 1024 * 1024
const maxPlainBytes = 256 * 1024
const maxValues = 20_000
/** A string field that may be longer than this holds content. */
const minContentLength = 64 * 1024

export type BodyLimits = JsonLimits & { readonly maxBytes: number }

/** The limits of a request body that no route takes. */
export const noBodyLimits: BodyLimits = {
  maxBytes: maxSmallBodyBytes,
  maxPlainBytes,
  maxValues,
  contentFields: new Set(),
}

/** The limits of a route's body; which fields hold content follows from its schema. */
export function bodyLimitsOf({ body, permission, consumes, jsonLimits }: AnyRoute): BodyLimits {
  const isMessage = permission === 'send' || consumes !== undefined
  const schema = body && !consumes ? z.toJSONSchema(body, { io: 'input' }) : {}
  return {
    maxBytes: isMessage ? maxMessageBodyBytes : maxSmallBodyBytes,
    maxPlainBytes: jsonLimits?.maxPlainBytes ?? maxPlainBytes,
    maxValues: jsonLimits?.maxValues ?? maxValues,
    contentFields: new Set(contentFieldsOf(schema)),
  }
}

type Schema = { readonly [name: string]: unknown }

function contentFieldsOf(schema: Schema): string[] {
  const parts = [schema.items, ...['anyOf', 'oneOf', 'allOf'].flatMap((name) => schema[name] ?? [])]
  const nested = parts.flatMap((part) => (part ? contentFieldsOf(part as Schema) : []))
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>)
  return [
    ...nested,
    ...properties.flatMap(([name, property]) =>
      isContent(property) ? [name] : contentFieldsOf(property),
    ),
  ]
}

/** A string, or a string or null. */
function isContent({ type, maxLength = 0, anyOf = [] }: Schema): boolean {
  if (type === 'string') return Number(maxLength) > minContentLength
  const variants = anyOf as Schema[]
  return variants.length > 0 && variants.every((one) => one.type === 'null' || isContent(one))
}
