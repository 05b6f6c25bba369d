import { expect, it } from 'vitest'
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

it('A template that is stopped takes no innocent send with it, before or behind it', async () => {
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

it('A template that was stopped before holds up nobody when it comes again and again', async () => {
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
