import { iso, isoOrNull } from '../base/clock.ts'
import { Fault } from '../contract/faults.ts'
import type {
  Delivery,
  DeliveryStatus,
  Email,
  EmailQuery,
  MessageStatus,
} from '../contract/messages.ts'
import type { Address } from '../contract/wire.ts'
import type { Database } from '../storage/database.ts'
import type { Reader } from '../storage/reader.ts'
import type { Caller } from './caller.ts'
import type { Keys } from './keys.ts'
import type { MessageOptions } from './messages.ts'
import type { Relays } from './relays.ts'

export type Emails = ReturnType<typeof createEmails>

type EmailRow = {
  readonly id: number
  readonly public_id: string
  readonly mode: 'live' | 'test'
  readonly status: MessageStatus
  readonly key_id: number | null
  readonly header_from: string
  readonly header_to: string
  readonly header_cc: string
  readonly subject: string
  readonly received_at: number
  readonly delivered_at: number | null
  readonly options: string | null
}

type DeliveryRow = {
  readonly recipient: string
  readonly status: DeliveryStatus
  readonly attempts: number
  readonly next_attempt_at: number | null
  readonly relay_id: number | null
  readonly last_reply: string | null
  readonly delivered_at: number | null
}

const columns = `
  id, public_id, mode, status, key_id, header_from, header_to, header_cc, subject, received_at,
  delivered_at, options
`

type EmailDeps = {
  readonly database: Database
  readonly reader: Reader
  readonly keys: Keys
  readonly relays: Relays
}

/** What was sent, live and captured: the sender's view of messages. */
export function createEmails({ database, reader, keys, relays }: EmailDeps) {
  const byPublicId = database.prepare<[string], EmailRow & { tenant_id: string | null }>(
    `SELECT ${columns}, tenant_id FROM messages WHERE public_id = ?`,
  )
  const rowIdOf = database
    .prepare<[string], number>('SELECT id FROM messages WHERE public_id = ?')
    .pluck()
  const deliveriesOf = database.prepare<[number], DeliveryRow>(`
    SELECT recipient, status, attempts, next_attempt_at, relay_id, last_reply, delivered_at
    FROM deliveries WHERE message_id = ? ORDER BY id
  `)

  function toWire(row: EmailRow): Email {
    return {
      id: row.public_id,
      status: row.status,
      mode: row.mode,
      from: format(JSON.parse(row.header_from) as Address),
      to: (JSON.parse(row.header_to) as Address[]).map(format),
      subject: row.subject,
      key_id: row.key_id === null ? null : (keys.nameOf(row.key_id)?.publicId ?? null),
      created_at: iso(row.received_at),
      delivered_at: isoOrNull(row.delivered_at),
    }
  }

  /** An unknown cursor matches nothing newer and nothing older. */
  const cursor = (publicId: string): number => rowIdOf.get(publicId) ?? 0

  return {
    async list(caller: Caller, query: EmailQuery) {
      const conditions: [string, unknown][] = []
      if (caller.tenantId !== null) conditions.push(['tenant_id = ?', caller.tenantId])
      if (query.status) conditions.push(['status = ?', query.status])
      if (query.from) conditions.push(["header_from LIKE ? ESCAPE '\\'", contains(query.from)])
      if (query.to) conditions.push(["rcpt_to LIKE ? ESCAPE '\\'", contains(query.to)])
      const filter = conditions.map(([sql]) => ` AND ${sql}`).join('')
      const values = conditions.map(([, value]) => value)
      const paging: [string, unknown][] = []
      if (query.before) paging.push(['id < ?', cursor(query.before)])
      if (query.after) paging.push(['id > ?', cursor(query.after)])
      const rows = await reader.all<EmailRow>(
        `SELECT ${columns} FROM messages
         WHERE 1${filter}${paging.map(([sql]) => ` AND ${sql}`).join('')}
         ORDER BY id DESC LIMIT ? OFFSET ?`,
        ...values,
        ...paging.map(([, value]) => value),
        query.limit,
        (query.page - 1) * query.limit,
      )
      const counted = await reader.first<{ total: number }>(
        `SELECT count(*) AS total FROM messages WHERE 1${filter}`,
        ...values,
      )
      return {
        data: rows.map(toWire),
        pagination: { page: query.page, limit: query.limit, total: counted?.total ?? 0 },
      }
    },

    get(caller: Caller, publicId: string) {
      const row = byPublicId.get(publicId)
      if (!row || (caller.tenantId !== null && caller.tenantId !== row.tenant_id)) {
        throw new Fault('not_found', `There is no email ${publicId}.`)
      }
      const { tags = [], metadata = {} } = JSON.parse(row.options ?? '{}') as MessageOptions
      return {
        ...toWire(row),
        cc: (JSON.parse(row.header_cc) as Address[]).map(format),
        deliveries: deliveriesOf.all(row.id).map(toDelivery),
        tags: [...tags],
        metadata: { ...metadata },
      }
    },
  }

  function toDelivery(row: DeliveryRow): Delivery {
    return {
      recipient: row.recipient,
      status: row.status,
      attempts: row.attempts,
      relay: row.relay_id === null ? null : relays.nameOf(row.relay_id),
      last_reply: row.last_reply,
      next_attempt_at: isoOrNull(row.next_attempt_at),
      delivered_at: isoOrNull(row.delivered_at),
    }
  }
}

function format({ name, address }: Address): string {
  return name ? `${name} <${address}>` : address
}

function contains(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}
