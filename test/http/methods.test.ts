import { METHODS } from 'node:http'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { knownRoutes } from '../route-conformance.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const testServer = await startTestServer()
const { httpPort } = testServer.server

const paths = [...new Set(knownRoutes.map(({ line }) => line.slice(line.indexOf(' ') + 1)))]
const methodsOf = (path: string): string[] =>
  knownRoutes
    .map(({ line }) => line.split(' '))
    .filter(([, other]) => other === path)
    .flatMap(([method = '']) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
const filled = (path: string): string => path.replace(/\{\w+\}/g, 'x')

it.each(paths)(
  '%s answers every method of Node, and gives 405 with Allow for the methods that it does not have',
  async (path) => {
    const prefix = path.startsWith('/api/v1') ? '/api/v1' : '/v1'
    const others = METHODS.filter(
      (method) => method !== 'CONNECT' && !methodsOf(path).includes(method),
    )
    for (const method of others) {
      const answer = await testServer.ask(method, filled(path))
      if (method !== 'HEAD') expectRefusal(answer, 'method_not_allowed', prefix)
      expect(answer.status, `${method} ${path}`).toBe(405)
      const allowed = String(answer.headers.allow).split(', ')
      expect(allowed.toSorted(), `${method} ${path}`).toEqual(methodsOf(path).toSorted())
    }
  },
)

it.each(['QUERY', 'PROPFIND', 'SEARCH', 'POST', 'PATCH', 'DELETE'])(
  '%s gives 405 with any body',
  async (method) => {
    for (const headers of [{}, { 'content-type': '' }, { 'content-type': 'text/plain' }]) {
      const answer = await testServer.ask(method, '/health', { headers, body: Buffer.from('{') })
      expectRefusal(answer, 'method_not_allowed')
    }
  },
)

it.each(METHODS.filter((method) => method !== 'CONNECT'))(
  '%s of an unknown path gives 404',
  async (method) => {
    const answer = await testServer.ask(method, '/v1/nothing')
    if (method === 'HEAD') expect(answer.status).toBe(404)
    else expectRefusal(answer, 'not_found')
  },
)

it.each([
  ['CONNECT to a host', 'CONNECT example.com:443 HTTP/1.1\r\nHost: localhost\r\n\r\n', 405],
  ['OPTIONS of everything', 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n', 404],
  [
    'an expectation that nobody knows',
    'GET /health HTTP/1.1\r\nHost: localhost\r\nExpect: tea\r\n\r\n',
    200,
  ],
  [
    'an upgrade',
    'GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
    200,
  ],
])('%s gets a response', async (_kind, request, status) => {
  const socket = connect(httpPort, '127.0.0.1')
  socket.write(request)
  let text = ''
  for await (const chunk of socket) {
    text += String(chunk)
    if (text.includes('\r\n\r\n')) break
  }
  socket.destroy()
  expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  if (status >= 400) expect(text).toContain('"request_id"')
})
