import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { type KnownRoute, knownRoutes } from '../route-conformance.ts'
import { type Line, startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

type Media = { readonly example?: unknown }
type Operation = {
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> }
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, Media>> }>
  >
}
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly tags: readonly { readonly name: string }[]
}

const testServer = await startTestServer()
const read = async (line: Line) =>
  (await testServer.request(line, { key: null })).body as unknown as Document
const whole = await read('GET /openapi.json')

describe.each([
  ['native', 'GET /openapi/native.json', '/v1/'],
  ['mailsage', 'GET /openapi/mailsage.json', '/api/v1/'],
] as const)('The OpenAPI document of %s', (name, line, prefix) => {
  it('The document is valid by itself and describes this dialect alone', async () => {
    const document = await read(line)
    expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true })
    expect(document.tags.map((tag) => tag.name)).toEqual([name])
    const paths = Object.keys(document.paths)
    expect(paths.length).toBeGreaterThan(3)
    expect(paths.filter((path) => !path.startsWith(prefix))).toEqual([])
  })
})

describe('The examples of the documentation', () => {
  const withBody = knownRoutes.filter(({ route }) => route.body && !route.consumes)
  const withReply = knownRoutes.filter(({ route }) => !('produces' in route.reply))

  it.each(withBody)('$line accepts its example of a body', (known) => {
    const example = operationOf(known).requestBody?.content['application/json']?.example
    expect(known.route.body?.safeParse(example).error).toBeUndefined()
  })

  it.each(withReply)('$line may return its example of a response', (known) => {
    const answer = operationOf(known).responses[String(known.route.status ?? 200)]
    const example = answer?.content['application/json']?.example
    expect((known.route.reply as z.ZodType).safeParse(example).error).toBeUndefined()
  })

  it('The example of a send can be sent unchanged', async () => {
    const { key } = await testServer.makeKey()
    for (const line of ['POST /v1/send', 'POST /api/v1/emails/send'] as const) {
      const known = knownRoutes.find((route) => route.line === line) as KnownRoute
      const body = operationOf(known).requestBody?.content['application/json']?.example
      expect((await testServer.request(line, { key, body })).status).toBe(202)
    }
  })

  function operationOf({ line }: KnownRoute): Operation {
    const [method = '', path = ''] = line.split(' ')
    const operation = whole.paths[path]?.[method.toLowerCase()]
    if (!operation) throw new Error(`${line} is not in the document`)
    return operation
  }
})

describe('GET /docs', () => {
  it('The page forbids content from elsewhere', async () => {
    const { status, headers } = await testServer.request('GET /docs', { key: null })
    expect(status).toBe(200)
    const policy = String(headers['content-security-policy'])
    expect(policy).toMatch(/^default-src 'none'; script-src 'self';/)
    expect(policy).toContain("connect-src 'self'")
    expect(policy).not.toMatch(/https?:|unsafe-eval|\*/)
  })

  it('The page lists all documents', async () => {
    for (const api of ['all', 'native', 'mailsage']) {
      expect((await testServer.request('GET /docs', { query: { api } })).status).toBe(200)
    }
    const answer = await testServer.request('GET /docs', { query: { api: 'other' } })
    expectRefusal(answer, 'invalid_parameter')
  })

  it('The files of the page are served, and no other file is', async () => {
    const page = (await testServer.request('GET /docs', { key: null })).text
    const files = [...page.matchAll(/(?:src|href)="\/docs\/([\w-]+\.\w+)"/g)].map(
      ([, file = '']) => file,
    )
    expect(files.length).toBeGreaterThan(3)
    for (const file of files) {
      const answer = await testServer.request('GET /docs/{file}', { params: { file }, key: null })
      expect(answer.status).toBe(200)
      expect(answer.headers['content-type']).toMatch(/^text\/(css|javascript)/)
    }
    for (const file of ['index.js', '..%2fpackage.json', 'package.json']) {
      expectRefusal(await testServer.request('GET /docs/{file}', { params: { file } }), 'not_found')
    }
  })
})
