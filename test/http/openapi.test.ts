import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { faults } from '../../src-main/contract/faults.ts'
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
  it('is OpenAPI 3.1 to an independent validator', async () => {
    const result = await new Validator().validate(structuredClone(document))
    expect(result).toEqual({ valid: true })
    expect(document.openapi).toMatch(/^3\.1\./)
  })

  it('has every route and no other', () => {
    const lines = knownRoutes.map(({ line }) => line)
    expect(operations.map(({ line }) => line).toSorted()).toEqual(lines.toSorted())
  })

  it('names each operation once', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(knownRoutes)('tells of $line what it takes and answers', ({ line, route, dialect }) => {
    const { operation } = operations.find((candidate) => candidate.line === line) ?? {}
    const statuses = faultsOf(line, route).map((code) => String(faults[code][0]))
    const inPath = [...line.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(operation?.tags).toEqual([dialect.name])
    expect(operation?.requestBody !== undefined).toBe((route.body ?? route.upload) !== undefined)
    expect(operation?.security).toEqual(route.permission === 'public' ? [] : [{ key: [] }])
    expect(
      operation?.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name),
    ).toEqual(inPath)
    expect(Object.keys(operation?.responses ?? {}).toSorted()).toEqual(
      [...new Set([...statuses, String(route.status ?? 200)])].toSorted(),
    )
  })
})
