import type { Call } from './http-client.ts'

/** The ids of the resources that a caller must not reach. */
export type Targets = {
  readonly captured: string
  readonly live: string
  readonly scheduled: string
  readonly template: string
  readonly templateNumber: number
  readonly webhook: string
  readonly log: string
  readonly search: string
  readonly relay: string
  readonly relayNumber: number
  readonly job: number
  readonly tenantId: string
  readonly keyIds: readonly string[]
  readonly keyNumbers: readonly number[]
  readonly alerts: readonly string[]
  readonly logEntries: readonly number[]
}

type Asked = Omit<Call, 'params' | 'key'>

/** Names of those resources that a caller may know, and of its own resources. */
type Words = { readonly known: string; readonly own: string }

/**
 * Every route of the tables asked for what it must not show: by path, query and body. A route that
 * names something this file does not know throws, so that it is thought of here.
 */
export function createCalls(
  them: Targets,
  { known, own }: Words,
  more: Readonly<Record<string, readonly Asked[]>> = {},
) {
  const mail = { from: `a@${own}.example`, to: `b@${own}.example`, subject: own }
  const content = { ...mail, html: '<p>Hello</p>' }
  const ids = (...values: (string | number)[]) => values.map((id) => ({ id }))
  const emails = ids(them.captured, them.live, them.scheduled)
  const templates = ids(them.template, them.templateNumber, known)
  const versions = templates.map((params) => ({ ...params, n: 1, name: known }))
  const compare = { query: { version1: 1, version2: 2 } }

  /** The ids of the resources of another tenant, by path prefix; the longest prefix applies. */
  const named: Readonly<Record<string, readonly NonNullable<Call['params']>[]>> = {
    '/v1/inbox/{id}': [{ id: them.captured, n: 0 }],
    '/v1/inbox/{id}/attachments/{n}/message': [{ id: them.captured, n: 1 }],
    '/v1/inbox/{id}/parts/{path}': [{ id: them.captured, path: '1' }],
    '/v1/emails/{id}': emails,
    // Captured messages are read at /v1/inbox.
    '/v1/emails/{id}/raw': ids(them.live, them.scheduled),
    '/v1/emails/{id}/headers': ids(them.live, them.scheduled),
    '/v1/emails/{id}/content': ids(them.live, them.scheduled),
    '/v1/emails/{id}/text': ids(them.live, them.scheduled),
    '/v1/emails/{id}/attachments/{n}': ids(them.live, them.scheduled).map((id) => ({
      ...id,
      n: 0,
    })),
    '/v1/api-keys/{id}': ids(...them.keyIds),
    '/api/v1/api-keys/{id}': ids(...them.keyNumbers),
    '/v1/templates/{id}': versions,
    '/api/v1/templates/{id}': versions,
    '/v1/webhooks/{id}': [{ id: them.webhook, log: them.log }],
    '/v1/searches/{id}': ids(them.search),
    '/v1/relays/{id}': ids(them.relay),
    '/api/v1/smtp/configs/{id}': ids(them.relayNumber),
    '/api/v1/emails/jobs/{id}': ids(them.job),
    '/v1/jobs/{id}': ids(them.job),
    '/v1/tenants/{id}': ids(them.tenantId),
    '/v1/logs/{id}': ids(...them.logEntries.slice(0, 5)),
    '/v1/alerts/{id}': ids(...them.alerts),
    // The documentation is the same for every caller.
    '/docs/{file}': [],
  }

  /** The bodies and queries that a request needs to get past the check of its form. */
  const calls: Readonly<Record<string, readonly Asked[]>> = {
    'PATCH /v1/inbox/{id}': [{ body: { read: true } }],
    'PATCH /v1/emails/{id}': [{ body: { scheduled_at: '2026-12-01T00:00:00Z' } }],
    'GET /v1/templates/{id}/compare': [compare],
    'PUT /v1/templates/{id}/samples/{name}': [{ body: { data: { word: own } } }],
    'POST /v1/templates/{id}/capture': [{ body: { from: mail.from, to: mail.to } }],
    'GET /api/v1/templates/{id}/versions/compare': [compare],
    'POST /api/v1/smtp/configs/{id}/test': [{ body: { recipient: 'a@example.com' } }],
    'POST /api/v1/emails/jobs/{id}/control': [{ body: { action: 'stop' } }],
    'POST /v1/tenants/{id}/api-keys': [{ body: { name: 'mine' } }],

    'GET /v1/inbox': [{ query: { query: known } }, { query: { inbox: 'default' } }, {}],
    'GET /v1/inbox/wait': [
      { query: { timeout: 0, after: them.captured } },
      { query: { timeout: 0, subject: known } },
    ],
    'GET /v1/outbox': [
      { query: { ids: them.live } },
      { query: { query: known } },
      { query: { status: 'scheduled' } },
      {},
    ],
    'POST /v1/outbox/retry': [{ body: { ids: ['msg_unknown'] } }],
    'GET /v1/emails': [{ query: { to: known } }, { query: { status: 'scheduled' } }, {}],
    'GET /v1/logs': [
      { query: { email_id: them.captured } },
      { query: { email_id: them.live } },
      { query: { type: 'junk' } },
      { query: { key_id: them.keyIds[0] } },
      {},
    ],
    'GET /v1/usage': [
      { query: { key_id: them.keyIds[0] } },
      { query: { tenant_id: them.tenantId } },
      {},
    ],
    'GET /v1/templates': [{ query: { search: known } }, {}],
    'GET /api/v1/emails/jobs': [{ query: { campaign_id: known } }, {}],
    'PATCH /v1/inbox': [
      { body: { read: true, add_tags: ['x'] } },
      { body: { read: true, ids: [them.captured] } },
    ],
    'DELETE /v1/inbox': [{ query: { inbox: 'default' } }],
    'POST /v1/inbox/export': [{ body: {} }, { body: { ids: [them.captured] } }],
    'POST /v1/inbox/delete': [{ body: { ids: [them.captured] } }],
    'POST /v1/send': [
      { body: { ...mail, template_id: them.template } },
      { body: { ...mail, template_id: known } },
      { body: content },
    ],
    'POST /api/v1/emails/send': [
      { body: { to: mail.to, subject: 's', body: 'b', smtp_id: them.relayNumber } },
      { body: { to: mail.to, template_id: them.templateNumber } },
    ],
    ...Object.fromEntries(
      ['batch', 'send/batch'].map((path) => [
        `POST /api/v1/emails/${path}`,
        [
          { body: { recipients: [{ email: mail.to }], template_id: them.templateNumber } },
          { body: { recipients: [{ email: mail.to }], template_id: known } },
        ],
      ]),
    ),
    'POST /v1/api-keys': [{ body: { name: 'x', tenant_id: them.tenantId } }],
    'POST /v1/templates': [{ body: { name: 'mine', subject: 's', text: 't' } }],
  }

  function callsOf(line: string): readonly Omit<Call, 'key'>[] {
    const path = line.split(' ')[1] ?? ''
    const bare = more[line] ?? calls[line] ?? [line.startsWith('GET ') ? {} : { body: {} }]
    if (!path.includes('{')) return bare
    const [place] = Object.keys(named)
      .filter((start) => path.startsWith(start))
      .sort((a, b) => b.length - a.length)
    if (place === undefined) throw new Error(`Say in this file what ${path} names`)
    return bare.flatMap((call) => (named[place] ?? []).map((params) => ({ ...call, params })))
  }

  return { callsOf, content }
}
