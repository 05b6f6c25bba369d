import type { Clock } from '../../base/clock.ts'
import { timeId } from '../../base/ids.ts'
import type { MessageStatus } from '../../contract/messages.ts'
import { scanHeader } from '../../mime/header-scan.ts'
import type { Database } from '../../storage/database.ts'
import type { Message, Submission } from './submission.ts'

export type MessageStore = ReturnType<typeof createMessageStore>

/** Inserts messages. Runs inside a transaction. */
export function createMessageStore(database: Database, clock: Clock) {
  const insertMessage = database.prepare(`
    INSERT INTO messages (
      public_id, mode, status, key_id, tenant_id, inbox, door, mail_from, rcpt_to, header_from,
      header_to, header_cc, subject, message_id, dated_at, size_bytes, received_at, options, relay_id
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  `)
  const insertBody = database.prepare<[number | bigint, Buffer]>(
    'INSERT INTO bodies (message_id, raw) VALUES (?, ?)',
  )
  const countInInbox = database.prepare<[tenant: string, inbox: string]>(`
    INSERT INTO inboxes (tenant, name, total, unread) VALUES (?, ?, 1, 1)
    ON CONFLICT (tenant, name) DO UPDATE SET total = total + 1, unread = unread + 1
  `)
  const insertTag = database.prepare<[tag: string, messageId: number | bigint, tenant: string]>(
    'INSERT OR IGNORE INTO message_tags (tag, message_id, tenant) VALUES (?, ?, ?)',
  )

  return {
    /** The row, the raw bytes, and the counters of the inbox. */
    insert(submission: Submission, status: MessageStatus, inbox: string | null): Message {
      const { caller, envelope, raw, protocol, relayId, tags, metadata } = submission
      const now = clock.now()
      const publicId = submission.publicId ?? timeId('msg', now)
      const head = scanHeader(raw)
      const { lastInsertRowid } = insertMessage.run(
        publicId,
        caller.mode,
        status,
        caller.keyId,
        caller.tenantId,
        inbox,
        protocol,
        envelope.mailFrom,
        JSON.stringify(envelope.rcptTo),
        JSON.stringify(head.from ?? { name: null, address: envelope.mailFrom }),
        JSON.stringify(head.to),
        JSON.stringify(head.cc),
        head.subject,
        head.messageId,
        head.date,
        raw.length,
        now,
        tags || metadata ? JSON.stringify({ tags, metadata }) : null,
        relayId ?? null,
      )
      insertBody.run(lastInsertRowid, raw)
      if (inbox !== null) {
        const tenant = caller.tenantId ?? ''
        countInInbox.run(tenant, inbox)
        for (const tag of tags ?? []) insertTag.run(tag, lastInsertRowid, tenant)
      }
      return { id: Number(lastInsertRowid), publicId, status, createdAt: now }
    },
  }
}
