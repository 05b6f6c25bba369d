import { spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

type Json = Readonly<Record<string, unknown>>

/** A server of its own with one of everything, so that most routes find what they ask for. */
export async function startSubject(root: string, log: string) {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-schemathesis-'))
  const admin = randomBytes(16).toString('hex')
  const server = spawn(
    process.execPath,
    [join(root, 'out/main/mailsage.js'), 'serve', '--json', '--http-port', '0', '--smtp-port', '0'],
    {
      env: {
        PATH: process.env.PATH,
        MAILSAGE_DATA: folder,
        MAILSAGE_PLAN: 'enterprise',
        MAILSAGE_TRUSTED_PROXIES: '127.0.0.1',
        API_KEY: admin,
        LOG_LEVEL: 'error',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  server.stderr.pipe(createWriteStream(log))
  const close = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const ended = once(server, 'exit')
      server.kill()
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const lines = createInterface({ input: server.stdout })
    const [line] = await Promise.race([
      once(lines, 'line') as Promise<[string]>,
      once(server, 'exit').then(() => {
        throw new Error(`The server did not start. See ${log}.`)
      }),
    ])
    const { url } = JSON.parse(line) as { readonly url: string }
    return { url, close, ...(await furnish(url, admin)) }
  } catch (error) {
    await close()
    throw error
  }
}

async function furnish(url: string, admin: string) {
  const ask =
    (key: string) =>
    async (method: string, path: string, body?: Json): Promise<Json> => {
      const response = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
      return (await response.json()) as Json
    }
  const byAdmin = ask(admin)
  const wide = { permissions: ['*'], rate_limit: { requests_per_minute: 10_000 } }
  const { key } = await byAdmin('POST', '/v1/api-keys', { name: 'Schemathesis', ...wide })
  const spare = await byAdmin('POST', '/v1/api-keys', { name: 'Spare', mode: 'test' })
  // Nothing listens there: live mail waits, and nothing is sent.
  const relay = await byAdmin('POST', '/v1/relays', {
    ...{ name: 'Closed', host: '127.0.0.1', port: 9, tls: 'none' },
    from_email: 'app@example.com',
  })
  const tenant = await byAdmin('POST', '/v1/tenants', { name: 'Tenant' })
  const content = { name: 'Hello', subject: 'Hello', html: '<p>Hello</p>' }
  const template = await byAdmin('POST', '/v1/templates', content)
  await byAdmin('PUT', `/v1/templates/${template.id}/samples/first`, { data: {} })
  const webhook = await byAdmin('POST', '/v1/webhooks', {
    url: 'http://127.0.0.1:9/',
    events: ['alert'],
  })
  const log = await byAdmin('POST', `/v1/webhooks/${webhook.id}/test`, {})
  const search = await byAdmin('POST', '/v1/searches', { name: 'All', query: 'hello' })
  const mail = {
    ...{ from: 'app@example.com', to: 'ann@example.com', subject: 'Hello', html: '<p>Hello</p>' },
    attachments: [{ filename: 'a.txt', content: 'SGVsbG8=' }],
  }
  const captured = await ask(String(spare.key))('POST', '/v1/send', mail)
  const sent = await ask(String(key))('POST', '/v1/send', mail)
  const job = await byAdmin('POST', '/api/v1/emails/send', {
    ...{ to: 'ann@example.com', subject: 'Hello', body: 'Hello' },
  })
  const all = (await byAdmin('GET', '/api/v1/templates')) as { templates: { id: number }[] }
  const keys = (await byAdmin('GET', '/api/v1/api-keys')) as {
    api_keys: { id: number; name: string }[]
  }
  const spareNumber = keys.api_keys.find(({ name }) => name === 'Spare')?.id
  const ids: Record<string, Json> = {
    '/v1/api-keys/': { id: spare.id },
    '/v1/relays/': { id: relay.id },
    '/v1/tenants/': { id: tenant.id },
    '/v1/templates/': { id: template.id, n: 1 },
    '/v1/webhooks/': { id: webhook.id, log: log.id },
    '/v1/searches/': { id: search.id },
    '/v1/inbox/': { id: captured.id, n: 0 },
    '/v1/emails/': { id: sent.id, n: 0 },
    '/v1/jobs/': { id: Number(job.job_id) },
    '/api/v1/emails/jobs/': { id: Number(job.job_id) },
    '/api/v1/templates/': { id: String(all.templates[0]?.id), n: 1 },
    '/api/v1/api-keys/': { id: spareNumber },
    '/api/v1/smtp/configs/': { id: Number(String(relay.id).replace('relay_', '')) },
  }
  return { key: String(key), ids }
}

/** For DKIM, which no generated text is. */
export const rsaPrivateKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string
