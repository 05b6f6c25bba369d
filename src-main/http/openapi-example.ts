type Schema = Readonly<Record<string, unknown>>

/** Examples by field name, for schemas without one. */
const byName: Readonly<Record<string, unknown>> = {
  address: 'ann@example.com',
  allowed_senders: 'example.com',
  body: '<p>Hello Ann</p>',
  code: 'invalid_parameter',
  codes: '482913',
  content: 'SGVsbG8=',
  content_type: 'text/plain',
  email: 'ann@example.com',
  filename: 'hello.txt',
  from: 'app@example.com',
  host: 'smtp.example.com',
  html: '<p>Hello Ann</p>',
  id: 'msg_01kf0m310s4hh244psdmbb',
  inbox: 'default',
  job_id: '17',
  key: 'ms_test_4fQ9xT2b…',
  message: 'Done',
  name: 'Checkout tests',
  password: 'the password',
  permissions: 'send',
  port: 587,
  prefix: 'ms_test_4fQ9xT2b',
  recipient: 'ann@example.com',
  rcpt_to: 'ann@example.com',
  request_id: 'req_01kf0m310s4hh244psdmbb',
  snippet: 'Hello Ann',
  subject: 'Hello',
  text: 'Hello Ann',
  tenant_id: 'tenant_1',
  to: 'ann@example.com',
  url: 'https://app.example.com/sign-in?token=1',
}

/** Optional fields that a first request usually has. */
const usualFields = new Set(['subject', 'html', 'recipient', 'body', 'name', 'permissions', 'read'])

/** A valid value: the schema's own example, or one by the field name. */
export function exampleOf(schema: Schema, io: 'input' | 'output', name = ''): unknown {
  const { const: only, enum: choices, examples, example, default: preset } = schema
  if (example !== undefined) return example
  if (Array.isArray(examples)) return examples[0]
  if (only !== undefined) return only
  if (Array.isArray(choices)) return choices.includes(byName[name]) ? byName[name] : choices[0]
  if (preset !== undefined && !(preset === null && name in byName)) return preset
  const variants = schema.anyOf ?? schema.oneOf
  if (Array.isArray(variants) && !schema.properties)
    return exampleOf(firstValue(variants), io, name)
  if (Array.isArray(schema.allOf) && !schema.properties) {
    return Object.assign({}, ...schema.allOf.map((part: Schema) => exampleOf(part, io, name)))
  }
  const [type] = Array.isArray(schema.type) ? schema.type : [schema.type]
  switch (type) {
    case 'object':
      return objectOf(schema, io)
    case 'array':
      return schema.items ? [exampleOf(schema.items as Schema, io, name)] : []
    case 'string':
      return stringOf(schema, name)
    case 'integer':
    case 'number':
      return numberOf(schema, name)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return {}
  }
}

const firstValue = (variants: readonly Schema[]): Schema =>
  variants.find(({ type }) => type !== 'null') ?? {}

function objectOf(schema: Schema, io: 'input' | 'output'): Record<string, unknown> {
  const { properties = {}, required = [] } = schema as {
    readonly properties?: Readonly<Record<string, Schema>>
    readonly required?: readonly string[]
  }
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => io === 'output' || required.includes(name) || usualFields.has(name))
      .map(([name, property]) => [name, exampleOf(property, io, name)]),
  )
}

const byFormat: Readonly<Record<string, string>> = {
  'date-time': '2026-01-15T10:30:00Z',
  date: '2026-01-15',
  email: 'ann@example.com',
  ipv4: '127.0.0.1',
  uri: 'https://app.example.com/hook',
  uuid: '0190f6a0-0000-7000-8000-000000000000',
}

function stringOf({ format, minLength = 0, maxLength = 1000 }: Schema, name: string): string {
  const formatted = typeof format === 'string' ? byFormat[format] : undefined
  if (formatted !== undefined) return formatted
  const named = byName[name]
  const text = typeof named === 'string' ? named : 'text'
  return text.padEnd(Number(minLength), 'x').slice(0, Number(maxLength))
}

function numberOf({ minimum = 1, maximum = 1_000 }: Schema, name: string): number {
  const named = byName[name]
  const number = typeof named === 'number' ? named : 1
  return Math.min(Math.max(number, Number(minimum)), Number(maximum))
}
