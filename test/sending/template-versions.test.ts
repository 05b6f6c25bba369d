import { expect, it } from 'vitest'
import { consoleCaller } from '../../src-main/domain/auth/caller.ts'
import { addRelay, openLiveFixture, openSink } from '../delivery/live-fixture.ts'
import { expectRefusal } from '../http/refusal.ts'

const accepted = { name: 'welcome', subject: 'Hello', html: '<p>ACCEPTED {{name}}</p>' }
const changed = { html: '<p>CHANGED</p>' }

async function openFixture() {
  const live = await openLiveFixture()
  const sink = await openSink()
  await addRelay(live, sink, { from_email: 'app@example.com' })
  const { testServer } = live
  const template = await testServer.reply('POST /v1/templates', { body: accepted })
  const test = await testServer.makeKey({ permissions: ['templates:write', 'templates:read'] })
  return { testServer, sink, template, testKey: test.key, params: { id: template.id } }
}

it('A job sends the version of its template that it was accepted with, whatever happens to the template', async () => {
  const { testServer, sink, template, params } = await openFixture()
  const people = Array.from({ length: 60 }, (_, n) => ({
    email: `p${n}@example.com`,
    variables: { name: `P${n}` },
  }))
  const start = async () => {
    const body = { template_id: template.id, recipients: people }
    const { job_id: id } = await testServer.reply('POST /api/v1/emails/batch', { body })
    await testServer.reply('POST /v1/jobs/{id}/pause', { params: { id } })
    return id
  }
  const [first, second] = [await start(), await start()]
  await testServer.reply('PUT /v1/templates/{id}', { params, body: changed })
  await testServer.reply('POST /v1/jobs/{id}/resume', { params: { id: first } })
  await sink.received(60)
  await testServer.reply('DELETE /v1/templates/{id}', { params })
  await testServer.reply('POST /v1/jobs/{id}/resume', { params: { id: second } })
  await sink.received(120)
  const texts = sink.messages.map(({ raw }) => raw.toString())
  expect(texts.filter((text) => !text.includes('ACCEPTED P'))).toEqual([])
})

it('The retry of a job sends the version that the job was accepted with', async () => {
  const { testServer, sink, template, params } = await openFixture()
  sink.rules.recipient = () => '550 5.1.1 No such user'
  const recipient = { email: 'ann@example.com', variables: { name: 'Ann' } }
  const { job_id: id } = await testServer.reply('POST /api/v1/emails/send', {
    body: { template_id: template.id, recipient },
  })
  await testServer.server.idle()
  delete sink.rules.recipient
  await testServer.reply('PUT /v1/templates/{id}', { params, body: changed })
  await testServer.reply('POST /v1/jobs/{id}/retry', { params: { id } })
  await sink.received(1)
  expect(sink.messages[0]?.raw.toString()).toContain('ACCEPTED Ann')
})

it('A test key changes and deletes no template that a live key saved', async () => {
  const { testServer, template, testKey: key, params } = await openFixture()
  await testServer.reply('PUT /v1/templates/{id}', { params, body: { subject: 'Second' } })
  const before = await testServer.reply('GET /v1/templates/{id}', { params })
  const numbered = { id: testServer.server.domain.templates.rowId(consoleCaller, template.id) }
  const answers = [
    await testServer.request('PUT /v1/templates/{id}', { key, params, body: changed }),
    await testServer.request('DELETE /v1/templates/{id}', { key, params }),
    await testServer.request('POST /v1/templates/{id}/versions/{n}/revert', {
      key,
      params: { ...params, n: 1 },
    }),
    await testServer.request('PUT /v1/templates/{id}/samples/{name}', {
      key,
      params: { ...params, name: 'long' },
      body: { data: {} },
    }),
    await testServer.request('DELETE /v1/templates/{id}/samples/{name}', {
      key,
      params: { ...params, name: 'long' },
    }),
  ]
  for (const answer of answers) expectRefusal(answer, 'insufficient_permissions')
  for (const [line, call] of [
    ['PUT /api/v1/templates/{id}', { params: numbered, body: { content: 'x' } }],
    ['DELETE /api/v1/templates/{id}', { params: numbered }],
    ['POST /api/v1/templates/{id}/versions/{n}/revert', { params: { ...numbered, n: 1 } }],
  ] as const) {
    const answer = await testServer.request(line, { key, ...call })
    expectRefusal(answer, 'insufficient_permissions', '/api/v1')
  }
  expect(await testServer.reply('GET /v1/templates/{id}', { params })).toEqual(before)
})

it('A test key changes and deletes templates of test keys, until a live key saves them', async () => {
  const { testServer, testKey: key } = await openFixture()
  const make = async (name: string) => {
    const body = { ...accepted, name }
    return { id: (await testServer.reply('POST /v1/templates', { key, body })).id }
  }
  const [draft, adopted] = [await make('draft'), await make('adopted')]
  await testServer.reply('PUT /v1/templates/{id}', { key, params: draft, body: changed })
  await testServer.reply('DELETE /v1/templates/{id}', { key, params: draft })
  await testServer.reply('PUT /v1/templates/{id}', { params: adopted, body: { subject: 'Live' } })
  const answer = await testServer.request('DELETE /v1/templates/{id}', { key, params: adopted })
  expectRefusal(answer, 'insufficient_permissions')
})
