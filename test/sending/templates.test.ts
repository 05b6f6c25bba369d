import { describe, expect, it } from 'vitest'
import { startTestServer } from '../test-server.ts'

const testServer = await startTestServer()
const sender = await testServer.makeKey({ permissions: ['send'] })
const author = await testServer.makeKey({ permissions: ['templates:read', 'templates:write'] })

let made = 0
async function native(fields: Readonly<Record<string, unknown>>) {
  made += 1
  const body = { name: `native-${made}`, subject: 'Hello {{name}}', ...fields }
  return testServer.reply('POST /v1/templates', { key: author.key, body })
}

async function mailsage(fields: Readonly<Record<string, unknown>>) {
  made += 1
  const body = { name: `mailsage-${made}`, subject: 'Welcome to {{ company_name }}', ...fields }
  const { template } = await testServer.reply('POST /api/v1/templates', { key: author.key, body })
  return template
}

const captured = (id: string) => testServer.reply('GET /v1/inbox/{id}', { params: { id } })

describe('A Handlebars template', () => {
  it('A Handlebars template is rendered by name or id, and escapes HTML', async () => {
    const template = await native({
      html: '<h1>{{name}}</h1>{{#if vip}}<b>VIP</b>{{/if}}{{#each items}}<i>{{this}}</i>{{/each}}',
    })
    for (const reference of [template.id, template.name]) {
      const body = {
        from: 'shop@example.com',
        to: 'ann@example.com',
        template_id: reference,
        template_data: { name: 'Ann <3', vip: true, items: ['a', 'b'] },
      }
      const { id } = await testServer.reply('POST /v1/send', { key: sender.key, body })
      expect((await captured(id)).subject).toBe('Hello Ann <3')
      const html = await testServer.reply('GET /v1/inbox/{id}/html', { params: { id } })
      expect(html).toContain('<h1>Ann &lt;3</h1><b>VIP</b><i>a</i><i>b</i>')
      const text = await testServer.reply('GET /v1/inbox/{id}/text', { params: { id } })
      expect(text.toLowerCase()).toContain('ann <3')
    }
  })

  it('The subject of a request replaces that of the template, and is rendered too', async () => {
    const template = await native({ text: 'Hi {{name}}' })
    const body = {
      from: 'shop@example.com',
      to: 'ann@example.com',
      subject: 'For {{name}} alone',
      template_id: template.id,
      template_data: { name: 'Ann' },
    }
    const { id } = await testServer.reply('POST /v1/send', { key: sender.key, body })
    expect((await captured(id)).subject).toBe('For Ann alone')
  })

  it.each([
    ['a constructor', '{{constructor.constructor}}|{{name.constructor.name}}|{{__proto__.x}}'],
    ['a lookup of one', "{{lookup this 'constructor'}}|{{lookup name '__proto__'}}"],
  ])('A template has no access to %s', async (_what, text) => {
    const template = await native({ text })
    const params = { id: template.id }
    const body = { variables: { name: 'Ann' } }
    const rendered = await testServer.reply('POST /v1/templates/{id}/test', { params, body })
    expect(rendered.text.replaceAll('|', '')).toBe('')
  })

  it('A template cannot call an unknown helper', async () => {
    const body = { name: 'evil', subject: 'x', text: '{{exec "ls"}}' }
    const answer = await testServer.request('POST /v1/templates', { body })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ error: { code: 'invalid_template' } })
  })

  it('A template that takes too long is stopped, and others are rendered', async () => {
    const text = `${'{{#each @root.a}}'.repeat(8)}x${'{{/each}}'.repeat(8)}`
    const slow = await native({ text, subject: 'Slow' })
    const a = Array.from({ length: 60 }, (_, index) => index)
    const params = { id: slow.id }
    const stuck = testServer.request('POST /v1/templates/{id}/test', {
      params,
      body: { variables: { a } },
    })
    const answer = await stuck
    expect(answer.status).toBe(422)
    expect(answer.body).toMatchObject({ error: { code: 'template_error' } })
    const quick = await native({ text: 'Hi {{name}}' })
    const after = await testServer.reply('POST /v1/templates/{id}/test', {
      params: { id: quick.id },
      body: { variables: { name: 'Ann' } },
    })
    expect(after.text).toBe('Hi Ann')
  })
})

describe('A template of the MailSage API', () => {
  it('A template test returns MailSage’s documented subject, content and derived plain text', async () => {
    const template = await mailsage({
      content: '<h1>Hello {{ name }}!</h1><p>Welcome to our service.</p>',
      variables: ['name', 'company_name'],
    })
    expect(template).toMatchObject({ id: expect.any(Number), is_active: true, version: 1 })
    const answer = await testServer.reply('POST /api/v1/templates/{id}/test', {
      params: { id: String(template.id) },
      body: { variables: { name: 'John Doe', company_name: 'MailSage' } },
    })
    expect(answer.subject).toBe('Welcome to MailSage')
    expect(answer.content).toBe('<h1>Hello John Doe!</h1><p>Welcome to our service.</p>')
    expect(answer.plain_text).toMatch(/^hello john doe!\n+welcome to our service\.$/i)
  })

  it('A template test names the missing variables', async () => {
    const template = await mailsage({ content: '{{ name }}', variables: ['name', 'company'] })
    const answer = await testServer.request('POST /api/v1/emails/send', {
      key: sender.key,
      body: {
        recipient: { email: 'ann@example.com', variables: { company: 'x' } },
        template_id: template.id,
      },
    })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({
      code: 'template_variable_error',
      details: { missing_variables: ['name'] },
    })
  })

  it('A template with a syntax error is refused with the line', async () => {
    const body = { name: 'broken', content: 'one\n{% if x %}two' }
    const answer = await testServer.request('POST /api/v1/templates', { key: author.key, body })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ code: 'invalid_template', details: { line: 2 } })
  })
})

describe('A Liquid template', () => {
  it.each([
    ['dotted paths', '{{ user.name }}', 'Ann'],
    ['conditions', '{% if user.vip %}yes{% else %}no{% endif %}', 'yes'],
    ['loops', '{% for item in items %}{{ item }};{% endfor %}', 'a;b;'],
    ['conditions in its own words', '{% unless user.vip %}a{% elsif date %}b{% endunless %}', 'b'],
    ['dates', '{{ date | date_format }}', 'January 05, 2024'],
    ['dates in a form of their own', '{{ date | date_format: "%Y-%m-%d" }}', '2024-01-05'],
    ['money', '{{ price | currency }}', '$1,234.50'],
    ['other money', '{{ price | currency: "EUR" }}', '€1,234.50'],
    ['escaping', '{{ html }}', '&lt;b&gt;'],
  ])('A Liquid template supports %s', async (_what, content, expected) => {
    const template = await native({ html: content, engine: 'liquid', subject: 'x' })
    const variables = {
      user: { name: 'Ann', vip: true },
      items: ['a', 'b'],
      date: '2024-01-05T12:00:00Z',
      price: 1234.5,
      html: '<b>',
    }
    const answer = await testServer.reply('POST /v1/templates/{id}/test', {
      params: { id: template.id },
      body: { variables },
    })
    expect(answer.html).toBe(expected)
  })

  it.each([
    ['files', '{% include "/etc/passwd" %}'],
    ['files by render', '{% render "../../package.json" %}'],
  ])('A template has no access to %s', async (_what, content) => {
    const template = await native({ html: content, engine: 'liquid', subject: 'x' }).catch(
      () => null,
    )
    if (template === null) return
    const answer = await testServer.request('POST /v1/templates/{id}/test', {
      params: { id: template.id },
      body: { variables: {} },
    })
    expect(answer.status).toBe(422)
    expect(answer.body).toMatchObject({ error: { code: 'template_error' } })
    expect(answer.text).not.toContain('root:')
  })
})

describe('Template versions', () => {
  it('Versions are stored at each change, compared, and restored as a new version', async () => {
    const template = await native({ text: 'one' })
    const params = { id: template.id }
    await testServer.reply('PUT /v1/templates/{id}', { params, body: { text: 'two' } })
    await testServer.reply('PUT /v1/templates/{id}', {
      params,
      body: { description: 'no new content' },
    })
    const { data } = await testServer.reply('GET /v1/templates/{id}/versions', { params })
    expect(data.map(({ version, text, is_current: current }) => [version, text, current])).toEqual([
      [2, 'two', true],
      [1, 'one', false],
    ])
    const both = await testServer.reply('GET /v1/templates/{id}/compare', {
      params,
      query: { version1: '1', version2: '2' },
    })
    expect([both.version1.text, both.version2.text]).toEqual(['one', 'two'])
    const reverted = await testServer.reply('POST /v1/templates/{id}/versions/{n}/revert', {
      params: { ...params, n: '1' },
    })
    expect(reverted).toMatchObject({ version: 3, text: 'one' })
    const missing = await testServer.request('GET /v1/templates/{id}/versions/{n}', {
      params: { ...params, n: '9' },
    })
    expect(missing.status).toBe(404)
  })

  it('Versions are the same in both dialects', async () => {
    const template = await mailsage({ content: 'one' })
    const params = { id: String(template.id) }
    await testServer.reply('PUT /api/v1/templates/{id}', { params, body: { content: 'two' } })
    const listed = await testServer.reply('GET /api/v1/templates/{id}/versions', { params })
    expect(listed.total_versions).toBe(2)
    const { data } = await testServer.reply('GET /v1/templates/{id}/versions', {
      params: { id: template.name },
    })
    expect(data.map(({ html }) => html)).toEqual(['two', 'one'])
  })
})

describe('The life cycle of a template', () => {
  it('An unused template is deleted, and its changes are in the audit log', async () => {
    const { events } = await testServer.witness(async () => {
      const template = await native({ text: 'x' })
      const answer = await testServer.reply('DELETE /v1/templates/{id}', {
        params: { id: template.id },
      })
      expect(answer).toEqual({ id: template.id, deleted: true, archived: false })
    })
    const own = events.filter(({ type }) => type.startsWith('template.'))
    expect(own.map(({ type }) => type)).toEqual(['template.created', 'template.deleted'])
  })

  it('A used template is archived, and its name becomes free', async () => {
    const template = await native({ text: 'x' })
    const body = { from: 'a@example.com', to: 'b@example.com', template_id: template.id }
    await testServer.reply('POST /v1/send', { key: sender.key, body: { ...body, subject: 'x' } })
    const answer = await testServer.reply('DELETE /v1/templates/{id}', {
      params: { id: template.id },
    })
    expect(answer.archived).toBe(true)
    expect(
      (await testServer.request('GET /v1/templates/{id}', { params: { id: template.id } })).status,
    ).toBe(404)
    await native({ text: 'y', name: template.name })
  })

  it('A taken name, missing content and a key without write permission are refused', async () => {
    const template = await native({ text: 'x' })
    const post = (body: unknown, key?: string) =>
      testServer.request('POST /v1/templates', { body, ...(key ? { key } : {}) })
    expect((await post({ name: template.name, subject: 'x', text: 'x' })).status).toBe(409)
    expect((await post({ name: 'empty', subject: 'x' })).status).toBe(400)
    expect((await post({ name: 'n', subject: 'x', text: 'x' }, sender.key)).status).toBe(403)
  })

  it('Templates are listed by page and name', async () => {
    const names = ['list-a', 'list-b', 'list-c']
    for (const name of names) await native({ text: 'x', name })
    const first = await testServer.reply('GET /v1/templates', {
      query: { search: 'list-', limit: '2' },
    })
    expect(first.data.map(({ name }) => name)).toEqual(['list-c', 'list-b'])
    expect(first.pagination).toEqual({ page: 1, limit: 2, total: 3 })
    const theirs = await testServer.reply('GET /api/v1/templates', {
      query: { search: 'list-', per_page: '2', page: '2' },
    })
    expect(theirs.pagination).toEqual({ page: 2, per_page: 2, total: 3, pages: 2 })
    expect(theirs.templates.map(({ name }) => name)).toEqual(['list-a'])
  })
})

describe('Templates in MailSage’s dialect', () => {
  it('Templates of MailSage’s dialect are read, changed, compared and deleted by their integer id', async () => {
    const template = await mailsage({ content: 'one', plain_text: 'One', variables: ['name'] })
    const params = { id: String(template.id) }
    expect(await testServer.reply('GET /api/v1/templates/{id}', { params })).toEqual({ template })
    await testServer.reply('PUT /api/v1/templates/{id}', { params, body: { content: 'two' } })
    const old = await testServer.reply('GET /api/v1/templates/{id}/versions/{n}', {
      params: { ...params, n: '1' },
    })
    expect(old).toMatchObject({ version: 1, content: 'one', plain_text: 'One', is_current: false })
    const both = await testServer.reply('GET /api/v1/templates/{id}/versions/compare', {
      params,
      query: { version1: '1', version2: '2' },
    })
    expect(both).toMatchObject({
      version1: { content: 'one' },
      version2: { content: 'two' },
      template_name: template.name,
      current_version: 2,
    })
    const reverted = await testServer.reply('POST /api/v1/templates/{id}/versions/{n}/revert', {
      params: { ...params, n: '1' },
    })
    expect(reverted.template).toMatchObject({ id: template.id, content: 'one', version: 3 })
    expect(await testServer.reply('DELETE /api/v1/templates/{id}', { params })).toEqual({
      message: 'Template deleted successfully',
    })
    const gone = await testServer.request('GET /api/v1/templates/{id}', { params })
    expect(gone.status).toBe(404)
    expect(gone.body).toMatchObject({ code: 'template_not_found' })
  })
})
