import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createExchange } from '../http-client.ts'
import { startTestServer } from '../test-server.ts'

const testServer = await startTestServer()
const exchange = createExchange(testServer.url)
const read = (path: string, method = 'GET') => exchange.send(method, path, { key: null })
const built = join(import.meta.dirname, '../../out/renderer')

describe('The files of the window', () => {
  it('The page has a policy and is asked for again; its parts may be kept for a year', async () => {
    const page = await read('/')
    expect(page.status).toBe(200)
    expect(page.text).toContain('<div id="root">')
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'self'/)
    expect(page.headers['cache-control']).toBe('no-cache')
    const [, script = ''] = /src="\.?(\/assets\/[^"]+\.js)"/.exec(page.text) ?? []
    const part = await read(script)
    expect(part.status).toBe(200)
    expect(part.headers['content-type']).toMatch(/^(text|application)\/javascript/)
    expect(part.headers['cache-control']).toMatch(/immutable/)
    expect((await read('/index.html', 'HEAD')).status).toBe(200)
  })

  it('Files in folders below are served, and nothing outside the window is', async () => {
    const [map = ''] = readdirSync(join(built, 'pdf/cmaps'))
    expect((await read(`/pdf/cmaps/${map}`)).status).toBe(200)
    for (const path of ['/assets/none.js', '/assets/', '/pdf', '/pdf/cmaps', '/none']) {
      expect((await read(path)).body, path).toMatchObject({ error: { code: 'not_found' } })
    }
    for (const path of [
      '/assets/..%2f..%2fmain%2findex.js',
      '/assets/%2e%2e/%2e%2e/package.json',
    ]) {
      expect([400, 404], path).toContain((await read(path)).status)
    }
  })
})
