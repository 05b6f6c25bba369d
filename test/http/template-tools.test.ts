import { describe, expect, it } from 'vitest'
import { startTestServer } from '../test-server.ts'

const testServer = await startTestServer()
const author = await testServer.makeKey({ permissions: ['templates:read', 'templates:write'] })
const reader = await testServer.makeKey({ permissions: ['templates:read'] })
const live = await testServer.makeKey({ mode: 'live', permissions: ['send'] })

let made = 0
function template(fields: Readonly<Record<string, unknown>> = {}) {
  made += 1
  const body = { name: `tool-${made}`, subject: 'Hi {{name}}', html: '<p>{{name}}</p>', ...fields }
  return testServer.reply('POST /v1/templates', { key: author.key, body })
}
const preview = (body: unknown) =>
  testServer.request('POST /v1/templates/preview', { key: reader.key, body })

describe('A preview', () => {
  it('A preview renders an unsaved template in both engines, and names the missing variables', async () => {
    for (const engine of ['handlebars', 'liquid']) {
      const { status, body } = await preview({
        engine,
        subject: 'For {{name}}',
        html: '<p>{{name}}</p>',
        variables: ['name', 'code', 'user.id'],
        data: { name: 'Ann & Bo', user: {} },
      })
      expect(status).toBe(200)
      expect(body).toMatchObject({
        subject: 'For Ann & Bo',
        html: '<p>Ann &amp; Bo</p>',
        text: 'Ann & Bo',
        missing_variables: ['code', 'user.id'],
      })
    }
    expect((await testServer.reply('GET /v1/templates')).data).toEqual([])
  })

  it('A preview is shown in the frame of the inbox, with its rules', async () => {
    const image = '<img src="https://example.com/a.png"><script>alert(1)</script>'
    for (const remote of [false, true]) {
      const { body } = await preview({ html: image, remote_content: remote })
      const { view } = body as { view: { url: string; remote_content: boolean } }
      expect(view.remote_content).toBe(true)
      const ticket = view.url.replace('/view/', '')
      const page = await testServer.request('GET /view/{ticket}', { params: { ticket } })
      expect(page.text).toContain(image)
      const policy = String(page.headers['content-security-policy'])
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain('sandbox allow-popups')
      expect(policy.includes('https:')).toBe(remote)
      const forged = { ticket: ticket.replace(/^held_./, 'held__') }
      expect((await testServer.request('GET /view/{ticket}', { params: forged })).status).toBe(404)
    }
  })

  it('A preview without HTML has no frame', async () => {
    const { body } = await preview({ text: 'Plain' })
    expect(body).toMatchObject({ html: null, text: 'Plain', view: null })
  })

  it('Only the newest previews keep their frames', async () => {
    const { body } = await preview({ html: 'first' })
    const { view } = body as { view: { url: string } }
    const params = { ticket: view.url.replace('/view/', '') }
    expect((await testServer.request('GET /view/{ticket}', { params })).status).toBe(200)
    for (let count = 0; count < 40; count++) await preview({ html: `page ${count}` })
    expect((await testServer.request('GET /view/{ticket}', { params })).status).toBe(404)
  })

  it.each([
    ['handlebars', { html: 'a\n{{#if x}}\nb' }, 'html', 3],
    ['handlebars', { html: 'x', text: 'a\n\n{{nope 1}}' }, 'text', 3],
    ['handlebars', { html: '{{#if a}}\n{{/each}}' }, 'html', 1],
    ['liquid', { html: 'a\n{% if x %}\nb' }, 'html', 2],
    ['liquid', { html: 'x', subject: '{{ a | nope }}' }, 'subject', 1],
  ])(
    'A preview in %s names the line and the part of an error: %o',
    async (engine, content, part, line) => {
      const { status, body } = await preview({ engine, subject: 's', ...content })
      expect(status).toBe(400)
      expect(body).toMatchObject({
        error: {
          code: 'invalid_template',
          details: { part, line, message: expect.stringMatching(/\w{3}.*[^:]$/) },
        },
      })
    },
  )

  it('A preview that takes too long is stopped', async () => {
    const text = `${'{{#each @root.a}}'.repeat(8)}x${'{{/each}}'.repeat(8)}`
    const a = Array.from({ length: 60 }, (_, index) => index)
    const { status, body } = await preview({ text, data: { a } })
    expect(status).toBe(422)
    expect(body).toMatchObject({ error: { code: 'template_error' } })
  })

  it('A preview without permission or with an invalid body is refused', async () => {
    const body = { html: 'x' }
    const line = 'POST /v1/templates/preview'
    expect((await testServer.request(line, { key: live.key, body })).status).toBe(403)
    expect((await preview({ html: 1 })).status).toBe(400)
  })
})

describe('Data sets', () => {
  const line = 'PUT /v1/templates/{id}/samples/{name}'

  it('Data sets are stored by name until they or their template are deleted', async () => {
    const { id } = await template()
    const put = (name: string, data: unknown) =>
      testServer.reply(line, { key: author.key, params: { id, name }, body: { data } })
    await put('Long names', { name: 'Bartholomew' })
    await put('Empty', {})
    await put('Empty', { name: '' })
    const list = () => testServer.reply('GET /v1/templates/{id}/samples', { params: { id } })
    expect((await list()).data).toMatchObject([
      { name: 'Empty', data: { name: '' } },
      { name: 'Long names', data: { name: 'Bartholomew' } },
    ])
    const params = { id, name: 'Empty' }
    const remove = () =>
      testServer.request('DELETE /v1/templates/{id}/samples/{name}', { key: author.key, params })
    expect((await remove()).body).toEqual({ name: 'Empty', deleted: true })
    expect((await remove()).status).toBe(404)
    expect((await list()).data).toHaveLength(1)
    await testServer.reply('DELETE /v1/templates/{id}', { params: { id } })
    const gone = await testServer.request('GET /v1/templates/{id}/samples', { params: { id } })
    expect(gone.status).toBe(404)
  })

  it('Data sets have a maximum number and size, and need permission', async () => {
    const { id } = await template()
    const put = (name: string, data: unknown, key = author.key) =>
      testServer.request(line, { key, params: { id, name }, body: { data } })
    expect((await put('Large', { x: 'x'.repeat(100_001) })).status).toBe(400)
    expect((await put('Not an object', [1])).status).toBe(400)
    expect((await put('Mine', {}, reader.key)).status).toBe(403)
    for (let count = 0; count < 50; count++) await put(`Set ${count}`, {})
    expect((await put('One more', {})).status).toBe(409)
    expect((await put('Set 7', { again: true })).status).toBe(200)
    const unknown = { key: author.key, params: { id: 'none', name: 'x' } }
    expect((await testServer.request(line, { ...unknown, body: { data: {} } })).status).toBe(404)
    const remove = await testServer.request('DELETE /v1/templates/{id}/samples/{name}', unknown)
    expect(remove.status).toBe(404)
  })
})

describe('A template sent into an inbox', () => {
  const line = 'POST /v1/templates/{id}/capture'
  const mail = { from: 'shop@example.com', to: 'ann@example.com' }

  it('A template that is sent into an inbox is captured even with a live key, and counts as used', async () => {
    const { id, last_used_at: before } = await template({ variables: ['name'] })
    expect(before).toBeNull()
    const body = { ...mail, variables: { name: 'Ann' }, inbox: 'looks' }
    const { value, events } = await testServer.witness(() =>
      testServer.reply(line, { key: live.key, params: { id }, body }),
    )
    expect(value.status).toBe('captured')
    expect(events.map(({ type }) => type)).toContain('captured')
    expect(events.map(({ type }) => type)).not.toContain('queued')
    const shown = await testServer.reply('GET /v1/inbox/{id}', { params: { id: value.id } })
    expect(shown).toMatchObject({ subject: 'Hi Ann', inbox: 'looks' })
    const after = await testServer.reply('GET /v1/templates/{id}', { params: { id } })
    expect(after.last_used_at).not.toBeNull()
  })

  it.each([
    ['a missing variable', {}, 400, 'template_variable_error'],
    ['a wrong recipient', { to: 'nobody' }, 400, 'invalid_recipient'],
    ['what cannot be rendered', { variables: { name: 'x', loop: true } }, 422, 'template_error'],
  ])('A template sent into an inbox is refused with %s', async (_what, fields, status, code) => {
    const text =
      '{% if loop %}{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}{% endif %}'
    const { id } = await template({ engine: 'liquid', variables: ['name'], html: null, text })
    const body = { ...mail, ...fields }
    const answer = await testServer.request(line, { key: live.key, params: { id }, body })
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ error: { code } })
  })

  it('A send into an inbox needs an existing template and permission to send', async () => {
    const { id } = await template()
    const ask = (key: string, params: { id: string }) =>
      testServer.request(line, { key, params, body: mail })
    expect((await ask(live.key, { id: 'none' })).status).toBe(404)
    expect((await ask(reader.key, { id })).status).toBe(403)
  })
})
