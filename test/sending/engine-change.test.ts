import { expect, it } from 'vitest'
import { startTestServer } from '../test-server.ts'

const testServer = await startTestServer()

async function rendered(id: string) {
  const body = { variables: { items: ['a', 'b'] } }
  const params = { id }
  return (await testServer.reply('POST /v1/templates/{id}/test', { params, body })).text
}

it('A Liquid template keeps its results, moves to Jinja2 on request, and comes back by a revert', async () => {
  const liquid = '{% for x in items %}{{ forloop.index }}{{ x }}{% endfor %} {{ items.size }}'
  const jinja = '{% for x in items %}{{ loop.index }}{{ x }}{% endfor %} {{ items|length }}'
  const body = { name: 'old', subject: 's', text: liquid, engine: 'liquid' }
  const { id } = await testServer.reply('POST /v1/templates', { body })
  const params = { id }
  expect(await rendered(id)).toBe('1a2b 2')
  const kept = await testServer.reply('PUT /v1/templates/{id}', { params, body: { subject: 't' } })
  expect(kept.engine).toBe('liquid')
  expect(await rendered(id)).toBe('1a2b 2')

  const change = { engine: 'jinja', text: jinja }
  const moved = await testServer.reply('PUT /v1/templates/{id}', { params, body: change })
  expect(moved).toMatchObject({ engine: 'jinja', version: 3 })
  expect(await rendered(id)).toBe('1a2b 2')

  const { data } = await testServer.reply('GET /v1/templates/{id}/versions', { params })
  expect(data.map(({ engine }) => engine)).toEqual(['jinja', 'liquid', 'liquid'])
  const back = await testServer.reply('POST /v1/templates/{id}/versions/{n}/revert', {
    params: { ...params, n: '1' },
  })
  expect(back).toMatchObject({ engine: 'liquid', text: liquid })
  expect(await rendered(id)).toBe('1a2b 2')
})
