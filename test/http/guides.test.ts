import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { docsPages } from '../../src-main/http/docs.ts'
import { startTestServer } from '../test-server.ts'

const testServer = await startTestServer()
const read = (file: string) =>
  testServer.request('GET /docs/{file}', { params: { file }, key: null })

describe('The guides under /docs', () => {
  it('Every page of the folder docs/ is served', () => {
    const folder = readdirSync(join(import.meta.dirname, '../../docs'))
    const pages = folder.filter((name) => name.endsWith('.md')).map((name) => name.slice(0, -3))
    expect([...docsPages].sort()).toEqual(pages.sort())
  })

  it('A page is HTML with its text, a menu and a policy that allows no other host', async () => {
    const { status, headers, text } = await read('settings')
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'/)
    expect(text).toContain('<code>MAILSAGE_SMTP_PORT</code>')
    expect(text).toContain('<a href="/docs/settings" aria-current="page">Settings</a>')
  })

  it('Every link of every page leads to a page and a heading that exist', async () => {
    const texts = new Map<string, string>()
    for (const page of docsPages) texts.set(page, (await read(page)).text)
    const broken: string[] = []
    for (const [page, text] of texts) {
      for (const [, href = ''] of text.matchAll(/<a [^>]*href="([^"]+)"/g)) {
        if (/^https?:/.test(href)) continue
        const [path = '', anchor] = href.split('#')
        const target = path === '' ? text : texts.get(path.replace('/docs/', ''))
        const leads =
          ['/', '/docs'].includes(path) ||
          (target !== undefined && (anchor === undefined || target.includes(`id="${anchor}"`)))
        if (!leads) broken.push(`${page}: ${href}`)
      }
    }
    expect(broken).toEqual([])
    expect(texts.get('live-mail')).toContain('href="/docs/storage#backups"')
  })
})
