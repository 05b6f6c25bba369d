import { describe, expect, it } from 'vitest'
import { knownRoutes } from '../route-conformance.ts'
import { type Line, startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const testServer = await startTestServer()
const params = { id: '1', n: 0, name: 'x', log: '1', path: '1', ticket: 'x', file: 'page.js' }

const namesOf = (line: string): readonly string[] =>
  Object.keys(knownRoutes.find((known) => known.line === line)?.route.query?.shape ?? {})

describe.each(knownRoutes)('$line', ({ line: text, route, dialect }) => {
  const line = text as Line
  const file = route.consumes && {
    body: Buffer.from('Subject: x\r\n\r\n'),
    headers: { 'content-type': route.consumes },
  }

  it('An unknown query parameter is refused with the list of known ones', async () => {
    const answer = await testServer.request(line, { params, query: { serch: 'x' }, ...file })
    const sentence = expectRefusal(answer, 'invalid_parameter', dialect.prefix)
    expect(sentence).toContain('There is no query parameter “serch”.')
    expect(sentence).toContain(
      namesOf(line).length === 0 ? 'This path takes none.' : `takes: ${namesOf(line).join(', ')}.`,
    )
  })
})

const withQuery = knownRoutes.filter(({ route }) => route.query)

it.each(withQuery)('$line refuses a repeated parameter', async ({ line, route, dialect }) => {
  const headers = { 'content-type': route.consumes ?? 'application/json' }
  const [method = '', path = ''] = line.split(' ')
  for (const name of namesOf(line)) {
    const filled = path.replace('{id}', '1').replace('{ticket}', 'x')
    const answer = await testServer.ask(method, `${filled}?${name}=1&${name}=2`, { headers })
    expect(expectRefusal(answer, 'invalid_parameter', dialect.prefix)).toBe(
      `The query parameter “${name}” is given more than once. Give it once.`,
    )
  }
})

describe('An unknown query parameter', () => {
  it.each([
    ['GET /v1/inbox', 'search', 'query'],
    ['GET /v1/inbox', 'Query', 'query'],
    ['GET /v1/inbox', 'limt', 'limit'],
    ['GET /v1/inbox', 'per_page', 'limit'],
    ['GET /v1/inbox/wait', 'recipient', undefined],
    ['GET /v1/inbox/wait', 'time_out', 'timeout'],
    ['GET /v1/emails', 'pages', 'page'],
    ['GET /v1/emails', 'cursor', 'before'],
    ['GET /v1/logs', 'emailId', 'email_id'],
    ['GET /v1/usage', 'since', 'from'],
    ['GET /api/v1/templates', 'limit', 'per_page'],
    ['GET /api/v1/emails/jobs', '__proto__', undefined],
    ['GET /health', 'x', undefined],
  ] as const)('%s?%s suggests the parameter “%s”', async (line, name, meant) => {
    const { status, body } = await testServer.ask('GET', `${line.slice(4)}?${name}=x`)
    const { message } = body as { readonly message: string }
    expect(status).toBe(400)
    expect(/Did you mean “(\w+)”\?/.exec(message)?.[1]).toBe(meant)
  })

  it('A request with an unknown parameter deletes nothing', async () => {
    const { key } = await testServer.makeKey()
    const mail = { from: 'a@x.example', to: 'b@x.example', subject: 'x', text: 'x' }
    await testServer.reply('POST /v1/send', { key, body: mail })
    for (const query of ['search=y', 'unread=true&q=y', '=y', 'query=x&query=y', 'QUERY=y']) {
      const { status } = await testServer.ask('DELETE', `/v1/inbox?${query}`)
      expect(status, query).toBe(400)
    }
    expect((await testServer.reply('GET /v1/inbox')).counts.total).toBe(1)
  })

  it('HEAD refuses it like GET', async () => {
    expect((await testServer.ask('HEAD', '/v1/inbox?search=x')).status).toBe(400)
    expect((await testServer.ask('HEAD', '/v1/inbox?query=x')).status).toBe(200)
  })

  it('A long name is shortened in the refusal', async () => {
    const { status, text } = await testServer.ask('GET', `/v1/inbox?${'x'.repeat(5000)}=1`)
    expect([status, text.length < 2000]).toEqual([400, true])
  })
})

it.each([
  ['/v1/emails?page=1&limit=20&status=delivered&from=a@x.example&to=b@x.example'],
  ['/v1/logs?email_id=msg_1'],
  ['/api/v1/templates?page=1&per_page=20&search=x&is_active=true'],
  ['/api/v1/smtp/configs?page=1&per_page=20'],
  ['/api/v1/emails/jobs?page=1&per_page=50'],
])('The parameters of the documented systems are accepted: %s', async (path) => {
  expect((await testServer.ask('GET', path)).status).toBe(200)
})
