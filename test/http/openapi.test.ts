import { gunzipSync } from 'node:zlib'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { faults } from '../../src-main/contract/faults.ts'
import { system } from '../../src-main/http/dialects/system.ts'
import { faultsOf } from '../../src-main/http/openapi.ts'
import { knownRoutes } from '../route-conformance.ts'
import { startTestServer } from '../test-server.ts'

type Operation = {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly security?: readonly unknown[]
  readonly parameters: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: unknown
  readonly responses: Readonly<Record<string, unknown>>
}
type Document = {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

const testServer = await startTestServer()
const answer = await testServer.request('GET /openapi.json', { key: null })
const document = answer.body as Document
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    line: `${method.toUpperCase()} ${path}`,
    operation,
  })),
)

describe('GET /openapi.json', () => {
  it('The document is valid OpenAPI 3.1 for an independent validator', async () => {
    const result = await new Validator().validate(structuredClone(document))
    expect(result).toEqual({ valid: true })
    expect(document.openapi).toMatch(/^3\.1\./)
  })

  it('The document has every route and no other', () => {
    const lines = knownRoutes.map(({ line }) => line)
    expect(operations.map(({ line }) => line).toSorted()).toEqual(lines.toSorted())
  })

  it('Each operation has a unique id', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(knownRoutes)(
    'The document describes the parameters and responses of $line',
    ({ line, route, dialect }) => {
      const { operation } = operations.find((candidate) => candidate.line === line) ?? {}
      const statuses = faultsOf(line, route).map((code) => String(faults[code][0]))
      const inPath = [...line.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect(operation?.tags).toEqual([dialect.name])
      expect(operation?.requestBody !== undefined).toBe((route.body ?? route.upload) !== undefined)
      expect(operation?.security).toEqual(route.permission === 'public' ? [] : [{ key: [] }])
      expect(
        operation?.parameters
          .filter((parameter) => parameter.in === 'path')
          .map(({ name }) => name),
      ).toEqual(inPath)
      expect(Object.keys(operation?.responses ?? {}).toSorted()).toEqual(
        [...new Set([...statuses, String(route.status ?? 200)])].toSorted(),
      )
    },
  )
})

describe('The documents and pages of the documentation', () => {
  const lines = [
    ['GET /openapi.json', {}],
    ['GET /openapi/native.json', {}],
    ['GET /openapi/mailsage.json', {}],
    ['GET /docs', {}],
    ['GET /docs/{file}', { file: 'swagger-ui-bundle.js' }],
  ] as const

  it('Documents are built once, and compressed once for clients that accept gzip', async () => {
    for (const [line, params] of lines) {
      const plain = await testServer.request(line, { key: null, params })
      const headers = { 'accept-encoding': 'br, gzip;q=0.5' }
      const compressed = await testServer.ask('GET', line.slice('GET '.length), {
        ...{ key: null, params, headers },
      })
      expect(plain.headers['content-encoding'], line).toBeUndefined()
      expect(compressed.headers['content-encoding'], line).toBe('gzip')
      expect(gunzipSync(compressed.bytes).equals(plain.bytes), line).toBe(true)
      expect(compressed.headers.vary, line).toBe('accept-encoding')
    }
  })

  it('A client that refuses gzip gets uncompressed bytes', async () => {
    const headers = { 'accept-encoding': 'gzip;q=0' }
    const answer = await testServer.request('GET /openapi.json', { key: null, headers })
    expect(answer.headers['content-encoding']).toBeUndefined()
  })

  it('A thousand requests for documents take less time than building ten', async () => {
    const { domain } = testServer.server
    const route = system.routes['GET /openapi.json']
    const exchange = { header: () => undefined }
    const startedAt = performance.now()
    for (let count = 0; count < 1000; count++) route?.handle({ domain, exchange })
    expect(performance.now() - startedAt).toBeLessThan(100)
  })
})
