import { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const { key } = await testServer.makeKey({ permissions: ['send', 'inbox:read'] })
const pixel = Buffer.from('R0lGODlhAQABAAAAACw=', 'base64')

async function send(html: string): Promise<string> {
  const sent = await testServer.reply('POST /v1/send', {
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
  testServer.reply('POST /v1/inbox/{id}/view', { key, params: { id }, body: { remote_content } })
const open = (url: string) => testServer.ask('GET', url, { key: null })

describe('A view', () => {
  it('A view needs no key, shows the HTML and allows no scripts', async () => {
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

  it('A view reports remote content, and loads it only on request', async () => {
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
    'A view shows the image of the link %s',
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

  it('A view leaves an unknown cid link unchanged', async () => {
    const { url } = await view(await send('<img src="cid:nobody@shop">'))
    expect((await open(url)).text).toContain('cid:nobody@shop')
  })

  it('A view expires after five minutes', async () => {
    const { url } = await view(await send('<p>x</p>'))
    clock.advance(300_000)
    expect((await open(url)).status).toBe(200)
    clock.advance(1)
    expectRefusal(await open(url), 'not_found')
    expectRefusal(await open(`${url}/parts/0`), 'not_found')
  })

  it('A view ends with its message', async () => {
    const id = await send('<p>x</p>')
    const { url } = await view(id)
    await testServer.reply('DELETE /v1/inbox/{id}', { params: { id } })
    expectRefusal(await open(url), 'not_found')
  })

  it('A ticket is valid for its own message, time and options only', async () => {
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
      [message, expires, '1l', signature],
      [message, expires, '0f', signature],
      [message, expires, remote, ''],
      [message, expires, remote, `${signature.slice(0, -1)}${signature.endsWith('A') ? 'B' : 'A'}`],
      [message, expires, remote, signature.toUpperCase()],
      [message, expires, remote],
      [message],
    ]
    for (const parts of forged) expectRefusal(await open(`/view/${parts.join('.')}`), 'not_found')
    expect((await open(url)).status).toBe(200)
  })

  it('A ticket of an earlier start is refused', async () => {
    const { url } = await view(await send('<p>x</p>'))
    await testServer.restart()
    expectRefusal(await open(url), 'not_found')
  })

  it.each([{ remote_content: 'yes' }, { remote_content: null }, []])(
    'A view with the body %j is refused',
    async (body) => {
      const id = await send('<p>x</p>')
      const answer = await testServer.request('POST /v1/inbox/{id}/view', { params: { id }, body })
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

describe('The facts of a view', () => {
  const factsOf = (html: string) => send(html).then((id) => view(id))

  it('A view counts remote content and names its hosts', async () => {
    const answer = await factsOf(`
      <link rel="stylesheet" href="https://cdn.example.com/a.css">
      <style>@import "https://fonts.example.com/x"; p { background: url(//img.example.com/1.png) }</style>
      <img src="https://img.example.com/2.png"><img src="https://img.example.com/2.png">
      <img srcset="https://img.example.com/3.png 1x, https://img.example.com/4.png 2x">
      <table background="http://old.example.com:8080/bg.gif"></table>
      <a href="https://nowhere.example.com/">a link loads nothing</a>
      <img src="cid:logo@shop">`)
    expect(answer).toMatchObject({
      remote_content: true,
      remote_count: 7,
      remote_hosts: [
        'cdn.example.com',
        'fonts.example.com',
        'img.example.com',
        'old.example.com:8080',
      ],
    })
    expect(await factsOf('<p>nothing</p>')).toMatchObject({
      remote_content: false,
      remote_count: 0,
      remote_hosts: [],
    })
  })

  it('A view reports whether the message has dark styles', async () => {
    const dark = [
      '<style>@media (prefers-color-scheme: dark) { p { color: white } }</style>',
      '<meta name="color-scheme" content="light dark">',
      '<meta name="supported-color-schemes" content="light dark">',
      '<style>:root { color-scheme: light dark; }</style>',
    ]
    for (const html of dark) expect((await factsOf(html)).dark_styles).toBe(true)
    const light = ['<p>dark</p>', '<style>@media (prefers-color-scheme: light) {}</style>']
    for (const html of light) expect((await factsOf(html)).dark_styles).toBe(false)
  })
})

describe('A view in a colour scheme', () => {
  const styles = `<style>@media (prefers-color-scheme: dark) { p { color: white } }
    @media (prefers-color-scheme:light) { p { color: black } }</style>
    <p>(prefers-color-scheme: dark)</p>`
  async function shown(scheme: 'light' | 'dark' | 'forced') {
    const id = await send(styles)
    const { url } = await testServer.reply('POST /v1/inbox/{id}/view', {
      key,
      params: { id },
      body: { scheme },
    })
    return open(url)
  }

  it('A view applies the colour scheme to the styles and leaves the text unchanged', async () => {
    const light = await shown('light')
    expect(light.text).toContain('@media (max-width: 0) { p { color: white } }')
    expect(light.text).toContain('@media (min-width: 0) { p { color: black } }')
    const dark = await shown('dark')
    expect(dark.text).toContain('@media (min-width: 0) { p { color: white } }')
    expect(dark.text).toContain('@media (max-width: 0) { p { color: black } }')
    expect(dark.text).toContain('<p>(prefers-color-scheme: dark)</p>')
  })

  it('A forced dark view keeps the strict content policy', async () => {
    const [light, forced] = [await shown('light'), await shown('forced')]
    expect(light.text).not.toContain('invert')
    expect(forced.text).toContain('invert')
    expect(forced.headers['content-security-policy']).toBe(light.headers['content-security-policy'])
  })

  it('An unknown colour scheme is refused', async () => {
    const id = await send('<p>x</p>')
    const call = { params: { id }, body: { scheme: 'sepia' } }
    expectRefusal(await testServer.request('POST /v1/inbox/{id}/view', call), 'invalid_parameter')
  })
})

describe('A view of a search hit', () => {
  async function shown(html: string, highlight: string, scheme = 'light') {
    const id = await send(html)
    const { url } = await testServer.reply('POST /v1/inbox/{id}/view', {
      key,
      params: { id },
      body: { highlight, scheme },
    })
    return { url, page: await open(url.replace(/#.*/, '')) }
  }
  const html =
    '<style>.frost{}</style><p title="frost">Frost, and <b>win</b>ter</p><img src="cid:logo@shop">'

  it('A view marks the search terms and links to the first mark', async () => {
    const { url, page } = await shown(html, 'frost "winter" from:ada -x', 'forced')
    expect(url).toMatch(/\?highlight=frost\+[^#]*#mailsage-hit$/)
    expect(page.text).toMatch(
      /<p title="frost"><mark id=mailsage-hit [^>]*>Frost<\/mark>, and <b><mark [^>]*>win<\/mark><\/b><mark [^>]*>ter<\/mark>/,
    )
    expect(page.text).toContain('<style>.frost{}</style>')
    const [, part = ''] = /src="([^"]+)"/.exec(page.text) ?? []
    expect((await open(part)).bytes).toEqual(pixel)
    expect(page.headers['content-security-policy']).toContain('sandbox allow-popups')
  })

  it.each(['', 'from:ada', 'subject:frost', '-frost', 'is:unread', 'before:never'])(
    'A view is unmarked for the query %j',
    async (highlight) => {
      const { url, page } = await shown(html, highlight)
      expect(url).toMatch(/^\/view\/[\w.-]+$/)
      expect(page.text).not.toContain('<mark')
    },
  )

  it('A view refuses a query that is too long', async () => {
    const id = await send(html)
    const body = { highlight: 'x'.repeat(501) }
    const answer = await testServer.request('POST /v1/inbox/{id}/view', { params: { id }, body })
    expectRefusal(answer, 'invalid_parameter')
    const { url } = await view(id)
    expectRefusal(await open(`${url}?highlight=${body.highlight}`), 'invalid_parameter')
  })
})

describe('The page of a view', () => {
  const [before, after] = [
    '<style>@media (prefers-color-scheme: dark) { p { color: white } }</style><p>Frost</p>',
    '<a href="https://example.com/" target=_self>on</a><img src="cid:logo@shop">',
  ]
  async function made(filling: string) {
    const threads = vi.spyOn(Worker.prototype, 'postMessage')
    onTestFinished(() => threads.mockRestore())
    const id = await send(`${before}${filling}${after}`)
    const { url, ...facts } = await testServer.reply('POST /v1/inbox/{id}/view', {
      key,
      params: { id },
      body: { scheme: 'dark', highlight: 'frost' },
    })
    const { text } = await open(url.replace(/#.*/, ''))
    const asked = new Set(threads.mock.calls.map(([{ request }]) => request.type))
    return { text, facts, onThread: ['facts', 'page'].filter((type) => asked.has(type)) }
  }

  it.each([
    ['short HTML on the main thread', 20, []],
    ['long HTML on the read thread', 20_000, ['facts', 'page']],
  ])('A view processes %s', async (_, count, expected) => {
    const elsewhere = '<img src="https://img.example.com/1.png">'
    const filling = `${'<p>Grüße, 寒い €</p>'.repeat(count)}${elsewhere}`
    const { text, facts, onThread } = await made(filling)
    expect(onThread).toEqual(expected)
    expect(facts).toEqual({
      remote_content: true,
      remote_count: 1,
      remote_hosts: ['img.example.com'],
      dark_styles: true,
    })
    expect(text).toContain(filling)
    expect(text).toContain('@media (min-width: 0) { p { color: white } }')
    expect(text).toMatch(/<p><mark id=mailsage-hit [^>]*>Frost<\/mark><\/p>/)
    expect(text).toContain('<base target="_blank">')
    expect(text).toContain('<a href="https://example.com/">on</a>')
    const [, part = ''] = /src="(\/view[^"]+)"/.exec(text) ?? []
    expect((await open(part)).bytes).toEqual(pixel)
  })
})

describe('A download URL', () => {
  const download = async (id: string) =>
    (await testServer.reply('POST /v1/inbox/{id}/download', { key, params: { id } })).url

  it('A download URL returns the exact bytes without a key, as a download', async () => {
    const id = await send('<script>alert(1)</script>')
    const raw = await testServer.request('GET /v1/inbox/{id}/raw', { key, params: { id } })
    const answer = await open(await download(id))
    expect(answer.bytes).toEqual(raw.bytes)
    expect(answer.headers).toMatchObject({
      'content-type': 'message/rfc822',
      'content-disposition': `attachment; filename="${id}.eml"`,
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
  })

  it('A download URL is valid for five minutes and its message only', async () => {
    const id = await send('<p>mine</p>')
    const another = await send('<p>not mine</p>')
    const saved = await download(id)
    const shown = (await view(id)).url
    expectRefusal(await open(`${shown}/raw`), 'not_found')
    expectRefusal(await open(saved.replace('/raw', '')), 'not_found')
    expectRefusal(await open(saved.replace('/raw', '/parts/0')), 'not_found')
    expectRefusal(await open(saved.replace(id, another)), 'not_found')
    clock.advance(300_001)
    expectRefusal(await open(saved), 'not_found')
  })

  it('A download URL needs permission to read the message', async () => {
    const id = await send('<p>x</p>')
    const line = 'POST /v1/inbox/{id}/download'
    const { key: sender } = await testServer.makeKey({ permissions: ['send'] })
    const params = { id }
    expectRefusal(
      await testServer.request(line, { key: sender, params }),
      'insufficient_permissions',
    )
    await testServer.makeTenant('tenant_other')
    const other = await testServer.makeKey({
      permissions: ['inbox:read'],
      tenant_id: 'tenant_other',
    })
    expectRefusal(await testServer.request(line, { key: other.key, params }), 'not_found')
    expectRefusal(await testServer.request(line, { key, params: { id: 'msg_x' } }), 'not_found')
  })
})
