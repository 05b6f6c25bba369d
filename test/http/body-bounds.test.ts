import { expect, it } from 'vitest'
import { z } from 'zod'
import { knownRoutes } from '../route-conformance.ts'

type Schema = Readonly<Record<string, unknown>>

/** Formats whose own pattern allows no long text. */
const shortFormats = ['ipv4', 'ipv6', 'cidrv4', 'cidrv6']

/** The parts of a schema that accept a text, a list or an object of any size. */
function unboundedParts(schema: Schema, path: string): string[] {
  const variants = ['anyOf', 'oneOf', 'allOf'].flatMap((name) => (schema[name] ?? []) as Schema[])
  // Beside a type, variants only narrow it.
  if (schema.type === undefined && variants.length > 0)
    return variants.flatMap((variant) => unboundedParts(variant, path))
  if (schema.enum !== undefined || schema.const !== undefined) return []
  switch (schema.type) {
    case 'string':
      return schema.maxLength === undefined && !shortFormats.includes(String(schema.format))
        ? [`${path}: a string`]
        : []
    case 'array': {
      const items = unboundedParts((schema.items ?? {}) as Schema, `${path}[]`)
      return schema.maxItems === undefined ? [`${path}: a list`, ...items] : items
    }
    case 'object':
      return unboundedFields(schema, path)
    case 'integer':
    case 'number':
    case 'boolean':
    case 'null':
      return []
    default:
      return [`${path}: anything`]
  }
}

function unboundedFields(schema: Schema, path: string): string[] {
  const { properties = {}, additionalProperties, propertyNames, maxProperties } = schema
  const fields = Object.entries(properties as Record<string, Schema>).flatMap(([name, property]) =>
    unboundedParts(property, `${path}.${name}`),
  )
  // The whole of a free object is bounded in bytes.
  if (additionalProperties === undefined || schema['x-maxBytes'] !== undefined) return fields
  return [
    ...fields,
    ...(maxProperties === undefined ? [`${path}: an object of any names`] : []),
    ...unboundedParts((propertyNames ?? {}) as Schema, `${path}{name}`),
    ...unboundedParts(additionalProperties as Schema, `${path}{}`),
  ]
}

it('Every text, list and object of every request body has a maximum', () => {
  const parts = knownRoutes.flatMap(({ line, route }) =>
    route.body && !route.consumes
      ? unboundedParts(z.toJSONSchema(route.body, { io: 'input' }), line)
      : [],
  )
  expect(parts).toEqual([])
})
