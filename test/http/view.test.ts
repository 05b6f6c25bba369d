import { describe, expect, it } from 'vitest'
import { openHouse } from '../harness.ts'
import { createTestClock } from '../test-clock.ts'
import { expectRefusal } from './refusal.ts'

const clock = createTestClock()
const house = await openHouse({ outside: { clock } })
const { key } = await house.makeKey({ permissions: ['send', 'inbox:read'] })
const pixel = Buffer.from('R0lGODlhAQABAAAAACw=', 'base64')

async function send(html: string): Promise<string> {
  const sent = await house.reply('POST /v1/send', {
    key,
    body: {
      from: 'a@example.com',
      to: 'b@example.com',
      subject: 'x',
      html,
      attachments: [
        {
          filename: 'logo.gif',
          content: pixel.toString('base64'),
          content_type: 'image/gif',
          content_id: 'logo@shop',
        },
      ],
    },
  })
  return sent.id
}

const view = (id: string, remote_content = false) =>
  house.reply('POST /v1/inbox/{id}/view', { key, params: { id }, body: { remote_content } })
const open = (url: string) => house.ask('GET', url, { key: null })

describe('a view', () => {
  it('needs no key, shows the HTML and allows it nothing', async () => {
    const { url, remote_content } = await view(await send('<p>Hello</p><script>alert(1)</script>'))
    expect(url).toMatch(/^\/view\/msg_/)
    expect(remote_content).toBe(false)
    const page = await open(url)
    expect(page.status).toBe(200)
    expect(page.text).toContain('<p>Hello</p>')
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    const policy = directives(page.headers['content-security-policy'])
    expect(policy).toMatchObject({
      'default-src': "'none'",
      'img-src': "'self' data:",
      'frame-ancestors': "'self'",
      'form-action': "'none'",
      'base-uri': "'none'",
      sandbox: 'allow-popups allow-popups-to-escape-sandbox',
    })
    expect(policy).not.toHaveProperty('script-src')
    expect(policy).not.toHaveProperty('connect-src')
    expect(policy).not.toHaveProperty('frame-src')
  })

  it('says whether the message names content elsewhere, and loads it only when asked to', async () => {
    const id = await send('<img src="https://tracker.example.com/pixel.gif">')
    const blocked = await view(id)
    expect(blocked.remote_content).toBe(true)
    const policyOf = async (url: string) => (await open(url)).headers['content-security-policy']
    expect(directives(await policyOf(blocked.url))['img-src']).toBe("'self' data:")
    const allowed = directives(await policyOf((await view(id, true)).url))
    expect(allowed['img-src']).toBe("'self' data: http: https:")
    expect(allowed['default-src']).toBe("'none'")
  })

  it.each(['cid:logo@shop', 'CID:logo@shop', 'cid:logo%40shop'])(
    'shows the image that %s names',
    async (address) => {
      const { url } = await view(await send(`<img src="${address}">`))
      const [, part = ''] = /src="([^"]+)"/.exec((await open(url)).text) ?? []
      expect(part).toBe(`${url}/parts/0`)
      const image = await open(part)
      expect(image.bytes).toEqual(pixel)
      expect(image.headers).toMatchObject({
        'content-type': 'image/gif',
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
      })
    },
  )

  it('leaves a cid that names nothing as it is', async () => {
    const { url } = await view(await send('<img src="cid:nobody@shop">'))
    expect((await open(url)).text).toContain('cid:nobody@shop')
  })

  it('ends after five minutes', async () => {
    const { url } = await view(await send('<p>x</p>'))
    clock.advance(300_000)
    expect((await open(url)).status).toBe(200)
    clock.advance(1)
    expectRefusal(await open(url), 'not_found')
    expectRefusal(await open(`${url}/parts/0`), 'not_found')
  })

  it('ends with the message', async () => {
    const id = await send('<p>x</p>')
    const { url } = await view(id)
    await house.reply('DELETE /v1/inbox/{id}', { params: { id } })
    expectRefusal(await open(url), 'not_found')
  })

  it('is good for its own message, time and choice only', async () => {
    const id = await send('<p>mine</p>')
    const another = await send('<p>not mine</p>')
    const { url } = await view(id)
    const [message = '', expires = '', remote = '', signature = ''] = url
      .slice('/view/'.length)
      .split('.')
    expect(message).toBe(id)
    const forged = [
      [another, expires, remote, signature],
      [message, `${expires}z`, remote, signature],
      [message, expires, '1', signature],
      [message, expires, remote, ''],
      [message, expires, remote, `${signature.slice(0, -1)}${signature.endsWith('A') ? 'B' : 'A'}`],
      [message, expires, remote, signature.toUpperCase()],
      [message, expires, remote],
      [message],
    ]
    for (const parts of forged) expectRefusal(await open(`/view/${parts.join('.')}`), 'not_found')
    expect((await open(url)).status).toBe(200)
  })

  it('of an earlier start is worth nothing', async () => {
    const { url } = await view(await send('<p>x</p>'))
    await house.restart()
    expectRefusal(await open(url), 'not_found')
  })

  it.each([{ remote_content: 'yes' }, { remote_content: null }, []])(
    'is not made with %j',
    async (body) => {
      const id = await send('<p>x</p>')
      const answer = await house.request('POST /v1/inbox/{id}/view', { params: { id }, body })
      expect(answer.status).toBe(400)
    },
  )
})

function directives(policy: unknown): Record<string, string> {
  return Object.fromEntries(
    String(policy)
      .split('; ')
      .map((text) => {
        const [name = '', ...values] = text.split(' ')
        return [name, values.join(' ')]
      }),
  )
}
