import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { startTestServer } from '../test-server.ts'
import { runNode, runTool } from './run-tool.ts'

const page = readFileSync(join(import.meta.dirname, 'samples.md'), 'utf8')
const testServer = await startTestServer()

// Hides all output of curl except the body, without a change of the sample.
const curlHome = mkdtempSync(join(tmpdir(), 'mailsage-curl-'))
writeFileSync(join(curlHome, '.curlrc'), 'silent\nwrite-out = "\\n%{http_code}"\n')
afterAll(() => rmSync(curlHome, { recursive: true, force: true }))

/** A sample of the page with the address and a key of this server. */
function sample(title: string, key: string): string {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${title}\n`))
  const code = /```\w+\n([\s\S]*?)```/.exec(section ?? '')?.[1]
  if (code === undefined) throw new Error(`No sample “${title}”`)
  return code
    .replace(/https:\/\/api\.(mailsage\.io|yourdomain\.com)/g, testServer.url)
    .replace(/ms_live_x+|YOUR_API_KEY|your_api_key_here/g, key)
}

async function runCurl(command: string) {
  const { code, output, errors } = await runTool('bash', ['-c', command], {
    env: { CURL_HOME: curlHome },
  })
  if (code !== 0) throw new Error(`curl ended with ${code}: ${errors}`)
  const [, body = '', status] = /^([\s\S]*)\n(\d{3})$/.exec(output) ?? []
  return { status: Number(status), body: JSON.parse(body) }
}

async function newestSubject(): Promise<string | undefined> {
  const { data } = await testServer.reply('GET /v1/inbox', { query: { limit: 1 } })
  return data[0]?.subject
}

const accepted = {
  message: expect.any(String),
  job_id: expect.any(String),
  task_id: expect.any(String),
  tracking_id: expect.any(String),
  status: 'queued',
}
const wrongKey = 'ms_live_notakeynotakeynota'

describe('MailSage’s documentation page', () => {
  test('The curl sample sends, and gets 401 invalid_api_key with a wrong key', async () => {
    const { key } = await testServer.makeKey()
    const title = 'mailsage: send with curl'
    expect(await runCurl(sample(title, key))).toEqual({ status: 202, body: accepted })
    expect(await newestSubject()).toBe('Hello!')
    expect(await runCurl(sample(title, wrongKey))).toMatchObject({
      status: 401,
      body: { error: expect.any(String), status: 401, code: 'invalid_api_key' },
    })
  })

  test('The JavaScript sample sends, and reports a wrong key', async () => {
    const { key } = await testServer.makeKey()
    const data = { recipient: { email: 'user@example.com' }, subject: 'From JavaScript', body: 'x' }
    const script = `${sample('mailsage: send with JavaScript', key)}
      console.log(JSON.stringify(await sendEmail(${JSON.stringify(data)})))`
    const right = await runNode(script, { MAILSAGE_API_KEY: key })
    expect(JSON.parse(right.output)).toEqual(accepted)
    expect(await newestSubject()).toBe('From JavaScript')
    const wrong = await runNode(script, { MAILSAGE_API_KEY: wrongKey })
    expect(JSON.parse(wrong.output)).toMatchObject({ status: 401, code: 'invalid_api_key' })
  })

  test('The Python sample sends (with a replacement of the requests package), and reports a wrong key', async () => {
    const { key } = await testServer.makeKey()
    const data = { recipient: { email: 'user@example.com' }, subject: 'From Python', body: 'x' }
    const run = async (used: string) => {
      const script = `${sample('mailsage: send with Python', used)}
import json
print(json.dumps(send_email(json.loads('${JSON.stringify(data)}'))))`
      const { output } = await runTool('python3', ['-c', script], {
        env: {
          PYTHONPATH: join(import.meta.dirname, 'python'),
          PYTHONDONTWRITEBYTECODE: '1',
        },
      })
      return JSON.parse(output)
    }
    expect(await run(key)).toEqual(accepted)
    expect(await newestSubject()).toBe('From Python')
    expect(await run(wrongKey)).toMatchObject({ status: 401, code: 'invalid_api_key' })
  })

  test('The back-off sample handles a rate limit', async () => {
    const { key } = await testServer.makeKey({ rate_limit: { requests_per_minute: 60 } })
    const data = { to: 'user@example.com', subject: 'After a while', body: 'x' }
    let status = 0
    while (status !== 429) {
      const call = { key, body: { ...data, subject: 'Before' } }
      status = (await testServer.request('POST /api/v1/emails/send', call)).status
    }
    const script = `${sample('mailsage: back off', key)}
      const answer = await withRetry(async () => {
        const response = await fetch('${testServer.url}/api/v1/emails/send', {
          method: 'POST',
          headers: { Authorization: 'Bearer ${key}', 'Content-Type': 'application/json' },
          body: ${JSON.stringify(JSON.stringify(data))},
        })
        const body = await response.json()
        if (!response.ok) throw body
        return body
      })
      console.log(JSON.stringify(answer))`
    const { output } = await runNode(script, {})
    expect(JSON.parse(output)).toEqual(accepted)
    expect(await newestSubject()).toBe('After a while')
  })
})

describe('SelfMX’s documentation page', () => {
  test('The header sample reaches the send route, which names POST as its method', async () => {
    const { key } = await testServer.makeKey()
    expect(await runCurl(sample('selfmx: the header', key))).toMatchObject({
      status: 405,
      body: { error: { code: 'method_not_allowed', message: expect.stringContaining('POST') } },
    })
  })

  test('The curl samples create a key, list it without its secret, and revoke it', async () => {
    const { key } = await testServer.makeKey({ mode: 'live', permissions: ['*'] })
    const created = await runCurl(sample('selfmx: create a key', key))
    expect(created).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(/^key_/),
        name: 'Production App',
        key: expect.stringMatching(/^sk_live_\w{20,}$/),
        permissions: ['send', 'templates:read'],
        created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    })
    const listed = await runCurl(sample('selfmx: list keys', key))
    expect(listed.status).toBe(200)
    const found = listed.body.data.find(({ id }: { id: string }) => id === created.body.id)
    expect(found).toMatchObject({ name: 'Production App', last_used_at: null })
    expect(JSON.stringify(listed.body)).not.toContain(created.body.key)
    const revoke = sample('selfmx: revoke a key', key).replace('key_abc123', created.body.id)
    expect(await runCurl(revoke)).toEqual({
      status: 200,
      body: { id: created.body.id, revoked: true },
    })
  })

  test('The curl sample creates a key of a tenant', async () => {
    const { key } = await testServer.makeKey({ mode: 'live', permissions: ['*'] })
    await testServer.makeTenant('tenant_abc')
    expect(await runCurl(sample("selfmx: create a tenant's key", key))).toMatchObject({
      status: 201,
      body: { name: 'Tenant A - Production', tenant_id: 'tenant_abc', permissions: ['send'] },
    })
  })

  test.each(['create a key', 'list keys', 'revoke a key'])(
    'The sample “%s” gets 401 invalid_api_key with a wrong key',
    async (title) => {
      expect(await runCurl(sample(`selfmx: ${title}`, wrongKey))).toMatchObject({
        status: 401,
        body: { error: { code: 'invalid_api_key', message: expect.any(String) } },
      })
    },
  )
})
