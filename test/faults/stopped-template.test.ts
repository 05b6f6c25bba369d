import { expect, it, onTestFinished, vi } from 'vitest'
import { systemClock } from '../../src-main/base/clock.ts'
import { anonymousCaller, type Caller, consoleCaller } from '../../src-main/domain/auth/caller.ts'
import { startRenderer } from '../../src-main/domain/templates/rendering.ts'
import { startTestServer } from '../test-server.ts'

const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'S' }
const loop = {
  engine: 'handlebars',
  subject: 's',
  text: `${'{{#each @root.a}}'.repeat(8)}x${'{{/each}}'.repeat(8)}`,
  data: { a: Array.from({ length: 60 }, (_, index) => index) },
}
const hungry = {
  subject: 's',
  text: '{% assign a = "xxxxxxxxxxxxxxxx" | split: "" %}{% for x in (1..40) %}{% assign a = a | concat: a %}{% endfor %}',
  engine: 'liquid',
}

async function openSender() {
  const testServer = await startTestServer()
  const { key } = await testServer.makeKey({
    permissions: ['send', 'templates:read', 'templates:write'],
  })
  const preview = (content: Readonly<Record<string, unknown>>) =>
    testServer.request('POST /v1/templates/preview', { key, body: content })
  return { testServer, key, preview }
}

it('A stopped template fails no other send in the queue', async () => {
  const { testServer, key, preview } = await openSender()
  const { id } = await testServer.reply('POST /v1/templates', {
    key,
    body: { name: 'greeting', engine: 'handlebars', subject: 'Hi {{name}}', text: 'Hi {{name}}' },
  })
  const sendGreeting = async (number: number) => {
    const data = { name: `Ann ${number}` }
    const body = { from: mail.from, to: mail.to, template_id: id, template_data: data }
    return (await testServer.request('POST /v1/send', { key, body })).status
  }
  const statuses = await Promise.all([
    sendGreeting(1),
    preview(loop).then(({ status }) => status),
    ...[2, 3, 4, 5, 6].map(sendGreeting),
  ])
  expect(statuses).toStrictEqual([202, 422, 202, 202, 202, 202, 202])
})

it('A stopped template that is sent repeatedly does not delay others', async () => {
  const { preview } = await openSender()
  expect((await preview(loop)).status).toBe(422)
  const again = Promise.all([preview(loop), preview(loop)])
  let isOver = false
  void again.then(() => {
    isOver = true
  })
  for (let count = 0; count < 5; count++) {
    expect((await preview({ engine: 'handlebars', subject: 's', html: `${count}` })).status).toBe(
      200,
    )
  }
  expect(isOver).toBe(false)
  expect((await again).map(({ status }) => status)).toStrictEqual([422, 422])
})

it('A template that needs too much memory is refused, and the others are rendered', async () => {
  const { preview } = await openSender()
  const answers = await Promise.all([hungry, { subject: 's', html: 'x' }].map(preview))
  expect(answers.map(({ status }) => status)).toStrictEqual([422, 200])
})

it('Slow templates of one tenant delay neither sends nor previews of another', async () => {
  const testServer = await startTestServer()
  const keyOf = async (name: string) => {
    const { id } = await testServer.reply('POST /v1/tenants', { body: { name } })
    const made = await testServer.makeKey({
      permissions: ['send', 'templates:read', 'templates:write'],
      tenant_id: id,
    })
    return made.key
  }
  const [evil, good] = [await keyOf('evil'), await keyOf('good')]
  const { id } = await testServer.reply('POST /v1/templates', {
    key: good,
    body: { name: 'greeting', engine: 'handlebars', subject: 'Hi', text: 'Hi {{name}}' },
  })
  const slow = async (number: number) => {
    const text = `{{! ${number} }}${loop.text}`
    const body = { ...loop, text }
    const { status } = await testServer.request('POST /v1/templates/preview', { key: evil, body })
    statuses.push(status)
  }
  const statuses: number[] = []
  const stopped = () => statuses.filter((status) => status === 422).length
  const attack = Promise.all(Array.from({ length: 6 }, (_, number) => slow(number)))
  const body = { from: mail.from, to: mail.to, template_id: id, template_data: { name: 'Ann' } }
  const content = { engine: 'liquid', subject: 's', text: 'x' }
  await vi.waitUntil(() => stopped() > 0, { timeout: 60_000 })
  const before = stopped()
  const answers = await Promise.all([
    testServer.request('POST /v1/send', { key: good, body }),
    testServer.request('POST /v1/templates/preview', { key: good, body: content }),
  ])
  expect(answers.map(({ status }) => status)).toEqual([202, 200])
  expect(stopped() - before).toBeLessThan(3)
  await attack
  expect(new Set(statuses)).toEqual(new Set([422]))
}, 180_000)

it('The previews of an owner have a time limit, separate from its sends', async () => {
  const renderer = startRenderer({ clock: systemClock, maxOwnerMs: 200 })
  onTestFinished(renderer.close)
  const render = (purpose: 'send' | 'preview', caller: Caller, { text, data }: typeof loop) =>
    renderer
      .render({ caller, purpose }, 'handlebars', { subject: null, html: null, text }, data)
      .then(
        () => 'rendered',
        ({ code }) => code,
      )
  const quick = { ...loop, text: 'x' }
  expect(await render('preview', consoleCaller, loop)).toBe('template_error')
  expect(await render('preview', consoleCaller, quick)).toBe('rate_limit_exceeded')
  expect(await render('send', consoleCaller, quick)).toBe('rendered')
  expect(await render('preview', anonymousCaller, quick)).toBe('rendered')
}, 180_000)

it.each(['{% render "x" %}', '{% include "x" %}', '{% layout "x" %}'])(
  'A Liquid template with %s is refused in a sentence of MailSage',
  async (text) => {
    const { preview } = await openSender()
    const { status, text: answer } = await preview({ engine: 'liquid', subject: 's', text })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(answer).not.toMatch(/ENOENT|lookup/)
    expect(answer).toMatch(/A template cannot include another one/)
  },
)

it('The text of a template without a text part is derived on the render thread', async () => {
  const { testServer, preview } = await openSender()
  const long = { engine: 'liquid', subject: 's', html: `<ol>${'<li>x'.repeat(20_000)}` }
  const began = performance.now()
  const rendered = preview(long)
  await testServer.ask('GET', '/health')
  const health = performance.now() - began
  const { status, text } = await rendered
  expect([status, JSON.parse(text).text.includes('x')]).toEqual([200, true])
  expect(health).toBeLessThan(performance.now() - began)
}, 180_000)
