import { z } from 'zod'
import { Fault, type FaultCode, faults, storageFaultCodes } from '../contract/faults.ts'
import { fixedContent } from './fixed-content.ts'
import { exampleOf } from './openapi-example.ts'
import type { AnyRoute, Content, Dialect, RouteMode } from './route.ts'

type Json = Record<string, unknown>

const documents = new Map<string, ReturnType<typeof fixedContent>>()

/** OpenAPI 3.1 of the dialects, generated once from the route tables. */
export function openApi(
  dialects: readonly Dialect[],
  version: string,
  acceptEncoding: string | undefined,
): Content {
  const names = dialects.map(({ name }) => name).join(' ')
  const document =
    documents.get(names) ??
    fixedContent({
      type: 'application/json; charset=utf-8',
      make: () => JSON.stringify(makeDocument(dialects, version)),
      headers: { 'cache-control': 'no-cache' },
    })
  documents.set(names, document)
  return document(acceptEncoding)
}

function makeDocument(dialects: readonly Dialect[], version: string): Json {
  const paths: Record<string, Json> = {}
  const refusals: Record<string, Json> = {}
  for (const dialect of dialects) {
    for (const [line, route] of Object.entries(dialect.routes)) {
      const [method = '', path = ''] = line.split(' ')
      paths[path] = {
        ...paths[path],
        [method.toLowerCase()]: operation(dialect, line, route, refusals),
      }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'MailSage',
      version,
      description:
        'A local email API and SMTP server. A test key captures mail in an inbox; a live key sends it through a relay. A test key sees no live mail (404) and changes none. A key creates and changes only keys that are no wider than itself.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This server' }],
    tags: dialects.map(({ name, title }) => ({ name, description: title })),
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      responses: refusals,
    },
  }
}

function operation(dialect: Dialect, line: string, route: AnyRoute, refusals: Json): Json {
  const isPublic = route.permission === 'public'
  return {
    operationId: line
      .replace(/[^A-Za-z0-9]+/g, '_')
      .replace(/_$/, '')
      .toLowerCase(),
    tags: [dialect.name],
    summary: route.summary,
    ...(isPublic
      ? { security: [] }
      : { description: requirementsOf(route), security: [{ key: [] }] }),
    'x-mode': route.mode,
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    ...(route.body
      ? {
          requestBody: {
            required: !acceptsNoBody(route.body),
            content: bodyContent(route, route.body),
          },
        }
      : {}),
    ...(route.upload
      ? {
          requestBody: {
            required: true,
            content: { [route.upload]: { schema: { type: 'string', format: 'binary' } } },
          },
        }
      : {}),
    responses: responses(dialect, line, route, refusals),
  }
}

function requirementsOf({ permission, mode }: AnyRoute): string {
  const needs = permission === 'any-key' ? 'any key' : `the permission \`${permission}\``
  return `Needs ${needs}.${permission === '*' ? notOfTenants : ''} ${modeMeanings[mode]}`.trim()
}

const notOfTenants =
  ' Keys of a tenant are refused with 403, because it concerns the whole installation.'

/** The meaning of a route's mode; `x-mode` has the mode itself. */
const modeMeanings: Readonly<Record<RouteMode, string>> = {
  live: 'Concerns live mail: a test key gets 404.',
  test: 'Concerns captured mail only: nothing is sent, with any key.',
  both: '',
}

const acceptsNoBody = (body: z.ZodType): boolean => body.safeParse(undefined).success

function bodyContent({ consumes }: AnyRoute, body: z.ZodType): Json {
  if (consumes === undefined) return json(schemaOf(body, 'input'), 'input')
  return { [consumes]: { schema: { type: 'string', format: 'binary' } } }
}

/** OpenAPI 3.1 has no schema for the events of a stream. */
const contentOf = (mediaType: string): Json =>
  mediaType === 'text/event-stream' ? {} : { schema: { type: 'string' } }

/** Shared refusals are in the document once, in `refusals`. */
function responses(dialect: Dialect, line: string, route: AnyRoute, refusals: Json): Json {
  const content =
    'produces' in route.reply
      ? { [route.reply.produces]: contentOf(route.reply.produces) }
      : json(schemaOf(route.reply, 'output'), 'output')
  const headers = route.permission === 'public' ? {} : rateHeaders
  const answers: Json = {
    [String(route.status ?? 200)]: {
      description: 'Done',
      headers: { ...requestIdHeader, ...headers },
      content,
    },
  }
  const byStatus = new Map<number, FaultCode[]>()
  for (const code of faultsOf(line, route)) {
    const [status] = faults[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  for (const [status, codes] of [...byStatus].sort(([a], [b]) => a - b)) {
    const examples = codes.map((code) => [
      code,
      { value: dialect.fault(new Fault(code, faults[code][3]), 'req_06bqz0f7h3k2p9x4') },
    ])
    const name = [dialect.name, status, ...codes].join('.')
    refusals[name] = {
      description: codes.map((code) => `\`${code}\``).join(', '),
      headers: requestIdHeader,
      content: {
        'application/json': { schema: { type: 'object' }, examples: Object.fromEntries(examples) },
      },
    }
    answers[String(status)] = { $ref: `#/components/responses/${name}` }
  }
  const { alternative } = route
  if (alternative && !('produces' in route.reply)) {
    // A refusal may have the same status.
    const schema = { anyOf: [schemaOf(route.reply, 'output'), { type: 'object' }] }
    answers[String(alternative.status)] = {
      description: alternative.description,
      headers: requestIdHeader,
      content: { 'application/json': { schema } },
    }
  }
  return answers
}

const guarded: readonly FaultCode[] = [
  'missing_api_key',
  'invalid_api_key',
  'expired_api_key',
  'insufficient_permissions',
  'address_not_allowed',
  'rate_limit_exceeded',
  'too_many_wrong_keys',
]
/** Faults of a body that cannot be read, even if the route needs none. */
const unreadable: readonly FaultCode[] = [
  'invalid_request',
  'message_too_large',
  'unsupported_media_type',
]
const fields: readonly FaultCode[] = ['invalid_request', 'missing_required']
const always: readonly FaultCode[] = [
  // An unknown query parameter.
  'invalid_parameter',
  // A URL counts as a header.
  'headers_too_large',
  'host_not_allowed',
  'origin_not_allowed',
  'invalid_request',
  'internal',
  'overloaded',
  ...storageFaultCodes,
]
const sending: readonly FaultCode[] = [
  'invalid_sender',
  'invalid_recipient',
  'too_many_recipients',
  'sender_not_allowed',
  'capture_paused',
]

/** Every refusal of a route: its own and those of the pipeline. */
export function faultsOf(line: string, route: AnyRoute): FaultCode[] {
  return [
    ...new Set<FaultCode>([
      ...(route.permission === 'public' ? [] : guarded),
      ...(line.startsWith('GET ') ? [] : unreadable),
      ...(route.body || route.query ? fields : []),
      ...(route.params || route.mode === 'live' ? (['not_found'] as const) : []),
      ...(route.permission === 'send' ? sending : []),
      ...(route.faults ?? []),
      ...always,
    ]),
  ]
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description ? { description } : {}),
    schema: rest,
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const {
    $schema: _dialect,
    $defs: named = {},
    ...rest
  } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ jsonSchema }) => {
      // Schemas are inline; an id would make each a resource of its own.
      delete jsonSchema.id
    },
  })
  return inline(rest, named) as Json
}

/** Replaces references, which would resolve from the root of the whole document. */
function inline(node: unknown, named: Json): unknown {
  if (Array.isArray(node)) return node.map((child) => inline(child, named))
  if (typeof node !== 'object' || node === null) return node
  const { $ref: reference, ...rest } = node as Json
  if (typeof reference === 'string') {
    const target = named[reference.replace('#/$defs/', '')] as Json
    return inline({ ...target, ...rest }, named)
  }
  return Object.fromEntries(
    Object.entries(rest).map(([name, child]) => [name, inline(child, named)]),
  )
}

function json(schema: Json, io: 'input' | 'output'): Json {
  return { 'application/json': { schema, example: exampleOf(schema, io) } }
}

const requestIdHeader = { 'X-Request-Id': { schema: { type: 'string' }, description: '`req_…`' } }

const rateHeaders = {
  'X-RateLimit-Limit': { schema: { type: 'integer' }, description: 'Requests a minute' },
  'X-RateLimit-Remaining': { schema: { type: 'integer' }, description: 'Requests left now' },
  'X-RateLimit-Reset': {
    schema: { type: 'integer' },
    description: 'When the bucket is full, in Unix seconds',
  },
}
