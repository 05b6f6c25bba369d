import { openReadOnly } from '../../src-main/storage/database.ts'
import type { Sink } from '../smtp-sink.ts'
import { openReceiver } from '../tenants/other-tenant.ts'
import type { TestClock } from '../test-clock.ts'
import { eventually, type TestServer } from '../test-server.ts'

/** A marker in the subject, addresses and content of all live mail. */
export const secret = 'quagga'

const at = (local: string) => `${local}@${secret}.example`

/** Creates live mail in every state, with jobs, a webhook and log entries, and returns the ids. */
export async function furnishLive(testServer: TestServer, clock: TestClock, sink: Sink) {
  const relay = await testServer.reply('POST /v1/relays', {
    body: {
      name: 'sink',
      host: '127.0.0.1',
      port: sink.port,
      tls: 'none',
      from_email: 'shop@relay.example',
    },
  })
  const admin = await testServer.makeKey({ mode: 'live', permissions: ['*'], name: 'Live' })
  const { key } = admin
  const receiver = await openReceiver()
  const webhook = await testServer.reply('POST /v1/webhooks', {
    key,
    body: { url: `${receiver.url}${secret}`, events: ['queued', 'deferred', 'delivered'] },
  })
  const template = await testServer.reply('POST /v1/templates', {
    key,
    body: { name: 'welcome', subject: 'Welcome', html: '<p>Welcome</p>', text: 'Welcome' },
  })
  const params = { id: template.id }
  await testServer.reply('PUT /v1/templates/{id}', {
    key,
    params,
    body: { subject: 'Welcome again' },
  })
  const search = await testServer.reply('POST /v1/searches', {
    key,
    body: { name: 's', query: 'x' },
  })

  const mail = (local: string) => ({
    from: at('shop'),
    to: at(local),
    subject: secret,
    html: `<p>${secret}</p>`,
    attachments: [{ filename: `${secret}.txt`, content: 'AAAA' }],
  })
  const send = async (local: string, more: object = {}): Promise<string> => {
    const { id } = await testServer.reply('POST /v1/send', {
      key,
      body: { ...mail(local), ...more },
    })
    await testServer.server.idle()
    return id
  }
  const batch = async (locals: readonly string[]): Promise<number> => {
    const recipients = locals.map((local) => ({ email: at(local) }))
    const body = { recipients, subject: secret, body: secret, campaign_id: secret }
    return Number((await testServer.reply('POST /api/v1/emails/batch', { key, body })).job_id)
  }

  const delivered = await send('delivered')
  sink.rules.recipient = () => '450 4.2.0 Later'
  const failed = await send('failed')
  for (let attempt = 0; attempt < 8; attempt++) {
    clock.advance(7 * 3_600_000)
    await testServer.server.idle()
  }
  const deferred = await send('deferred')
  const later = new Date(clock.now() + 86_400_000).toISOString()
  const scheduled = await send('scheduled', { scheduled_at: later })
  const paused = await batch(Array.from({ length: 60 }, (_, index) => `paused${index}`))
  await testServer.server.idle()
  await testServer.reply('POST /v1/jobs/{id}/pause', { key, params: { id: paused } })
  sink.rules.recipient = () => '550 5.1.1 Unknown'
  const over = await batch(['over1', 'over2'])
  await testServer.server.idle()
  sink.rules.recipient = () => null

  const log = await eventually(async () => {
    const { data } = await testServer.reply('GET /v1/webhooks/{id}/logs', {
      key,
      params: { id: webhook.id },
    })
    return data.find(({ status }) => status === 'delivered')?.id
  })
  clock.advance(50_000)
  const alert = await eventually(async () => {
    const { data } = await testServer.reply('GET /v1/alerts', { key })
    return data.find(({ rule }) => rule === 'bounce_rate')?.id ?? data[0]?.id
  }).catch(() => null)
  const logs = await testServer.reply('GET /v1/logs', {
    key,
    query: { type: 'message', limit: 100 },
  })
  const jobs = await testServer.reply('GET /v1/jobs', { key })
  return {
    key,
    receiver,
    live: deferred,
    captured: deferred,
    scheduled,
    delivered,
    failed,
    jobs: [paused, over],
    job: paused,
    template: template.id,
    templateNumber: 1,
    webhook: webhook.id,
    log,
    search: search.id,
    relay: relay.id,
    relayNumber: Number(relay.id.slice('relay_'.length)),
    keyIds: [admin.id],
    keyNumbers: [testServer.server.domain.keys.idOf(admin.id) ?? 0],
    alerts: alert === null ? [] : [alert],
    logEntries: logs.data.map(({ id }) => id).slice(0, 5),
    /** Strings that identify live mail in any response. */
    ids: [delivered, failed, deferred, scheduled, ...jobs.data.map(({ tracking_id: id }) => id)],
  }
}

const liveTables = {
  messages: "SELECT * FROM messages WHERE mode = 'live'",
  bodies: "SELECT b.* FROM bodies b JOIN messages m ON m.id = b.message_id WHERE m.mode = 'live'",
  deliveries: 'SELECT * FROM deliveries',
  scheduled: "SELECT * FROM scheduled WHERE mode = 'live'",
  jobs: 'SELECT * FROM jobs',
  job_recipients: 'SELECT * FROM job_recipients',
  relays: 'SELECT * FROM relays',
  webhooks: 'SELECT * FROM webhooks',
  webhook_deliveries: 'SELECT * FROM webhook_deliveries',
  tenants: 'SELECT * FROM tenants',
}

/** The rows with these ids that a test key must not change. */
export function liveRows(
  testServer: TestServer,
  known?: Readonly<Record<string, readonly unknown[]>>,
) {
  const database = openReadOnly(testServer.folder)
  try {
    return Object.fromEntries(
      Object.entries(liveTables).map(([table, sql]) => {
        const rows = database.prepare<[], Record<string, unknown>>(sql).all()
        const before = known?.[table] as readonly Record<string, unknown>[] | undefined
        if (!before) return [table, rows]
        const name = table === 'bodies' ? 'message_id' : table === 'scheduled' ? 'public_id' : 'id'
        const ids = new Set(before.map((row) => row[name]))
        return [table, rows.filter((row) => ids.has(row[name]))]
      }),
    )
  } finally {
    database.close()
  }
}
