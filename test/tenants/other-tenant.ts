import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'
import { startSink } from '../smtp-sink.ts'
import type { TestClock } from '../test-clock.ts'
import { eventually, type TestServer } from '../test-server.ts'

/** A marker in all data of the first tenant, and in no request. */
export const secret = 'quagga'
/** A name of the first tenant that the other tenant knows. */
export const known = 'acmezebra'
export const ourWord = 'okapi'

const text = `${known} ${secret}`

/** An endpoint that records its posts. */
export async function openReceiver() {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString())
      response.end('ok')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => void server.close())
  return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

/** Creates a tenant with one resource of every kind; returns the ids. */
export async function furnish(testServer: TestServer, clock: TestClock, tenantId: string) {
  await testServer.makeTenant(tenantId)
  const settings = { from_name: text, reply_to: `${secret}@${known}.example` }
  const params = { id: tenantId }
  await testServer.reply('PUT /v1/tenants/{id}', { params, body: { name: text, settings } })
  const sink = await startSink()
  afterAll(sink.close)
  const receiver = await openReceiver()
  const keySettings = { name: text, tenant_id: tenantId }
  const admin = await testServer.makeKey({ ...keySettings, mode: 'live', permissions: ['*'] })
  const expiring = await testServer.makeKey({ ...keySettings, expires_in_days: 1 })
  const { key } = admin

  const relay = await testServer.reply('POST /v1/relays', {
    key,
    body: { name: text, host: '127.0.0.1', port: sink.port, tls: 'none', username: secret },
  })
  const webhook = await testServer.reply('POST /v1/webhooks', {
    key,
    body: { url: `${receiver.url}${secret}`, events: ['captured', 'queued', 'delivered'] },
  })
  const template = await testServer.reply('POST /v1/templates', {
    key,
    body: { name: known, subject: text, html: `<p>${text}</p>`, text },
  })
  const change = { subject: `${text} again` }
  const named = { id: template.id }
  await testServer.reply('PUT /v1/templates/{id}', { key, params: named, body: change })
  const attachedMessage = {
    filename: `${secret}.eml`,
    content_type: 'message/rfc822',
    content: Buffer.from(`Subject: ${secret}\r\n\r\n${secret}`).toString('base64'),
  }
  const mail = {
    from: `${secret}@${known}.example`,
    to: `to@${known}.example`,
    subject: text,
    html: `<p>${text} https://${known}.example/${secret}</p>`,
    tags: [secret],
    attachments: [{ filename: `${secret}.txt`, content: 'AAAA' }, attachedMessage],
  }
  const captured = await testServer.reply('POST /v1/send', { key: expiring.key, body: mail })
  const live = await testServer.reply('POST /v1/send', { key, body: mail })
  const later = { ...mail, scheduled_at: new Date(clock.now() + 86_400_000).toISOString() }
  const scheduled = await testServer.reply('POST /v1/send', { key, body: later })
  const job = await testServer.reply('POST /api/v1/emails/batch', {
    key,
    body: {
      recipients: [
        { email: `${secret}1@${known}.example` },
        { email: `${secret}2@${known}.example` },
      ],
      subject: text,
      body: text,
      campaign_id: known,
    },
  })
  const search = await testServer.reply('POST /v1/searches', {
    key,
    body: { name: text, query: secret },
  })
  await testServer.server.idle()

  const log = await eventually(async () => {
    const call = { key, params: { id: webhook.id } }
    const { data } = await testServer.reply('GET /v1/webhooks/{id}/logs', call)
    return data.find(({ status }) => status === 'delivered')?.id
  })
  clock.advance(5 * 60_000)
  const alert = await eventually(async () => {
    const { data } = await testServer.reply('GET /v1/alerts', { key })
    return data.find(({ rule }) => rule === 'key_expiring')?.id
  })
  const numbered = await testServer.reply('GET /api/v1/api-keys', { key })
  const templates = await testServer.reply('GET /api/v1/templates', { key })
  const logs = await testServer.reply('GET /v1/logs', { key })
  return {
    tenantId,
    key,
    receiver,
    captured: captured.id,
    live: live.id,
    scheduled: scheduled.id,
    template: template.id,
    templateNumber: templates.templates[0]?.id ?? 0,
    webhook: webhook.id,
    search: search.id,
    log,
    relay: relay.id,
    relayNumber: Number(relay.id.slice('relay_'.length)),
    job: Number(job.job_id),
    keyIds: [admin.id, expiring.id],
    keyNumbers: numbered.api_keys.map(({ id }) => id),
    alerts: [alert],
    logEntries: logs.data.map(({ id }) => id),
  }
}

export type Neighbour = Awaited<ReturnType<typeof furnish>>

/** All data of the tenant, without the fields that change with every request. */
export async function inventory(testServer: TestServer, { key, ...ids }: Neighbour) {
  const get = async (line: Parameters<TestServer['reply']>[0], id: string | number) =>
    testServer.reply(line, { key, params: { id } })
  const keys = await testServer.reply('GET /v1/api-keys', { key })
  return {
    tenant: await get('GET /v1/tenants/{id}', ids.tenantId),
    inbox: await testServer.reply('GET /v1/inbox', { key }),
    searches: await testServer.reply('GET /v1/searches', { key }),
    emails: (await testServer.reply('GET /v1/emails', { key })).data,
    scheduled: await get('GET /v1/emails/{id}', ids.scheduled),
    template: await get('GET /v1/templates/{id}', ids.template),
    webhook: await get('GET /v1/webhooks/{id}', ids.webhook),
    relay: await get('GET /v1/relays/{id}', ids.relay),
    job: await get('GET /api/v1/emails/jobs/{id}', ids.job),
    keys: keys.data.map(({ last_used_at: _at, last_used_from: _from, ...rest }) => rest),
    logs: (
      await testServer.reply('GET /v1/webhooks/{id}/logs', { key, params: { id: ids.webhook } })
    ).pagination,
  }
}
