import { Fault } from '../../contract/faults.ts'
import type { InboxCounts } from '../../contract/messages.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import { type Caller, isOfTenant } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { MessageOptions } from '../messages/submission.ts'
import type { Indexing } from '../reading/indexing.ts'
import type { MessageContents } from '../reading/message-contents.ts'
import { type DetailRow, inboxColumns } from './rows.ts'
import type { InboxSelection } from './selection.ts'
import { isSameTags, normaliseTags, type TagChange, tagsOf } from './tags.ts'

export type InboxStore = ReturnType<typeof createInboxStore>

/** Everything that a use case of the inbox may need. */
export type InboxDeps = {
  readonly store: InboxStore
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly indexing: Indexing
  readonly contents: MessageContents
  readonly keys: Keys
  readonly selection: InboxSelection
}

/** The statements of the inbox. The writing ones run inside a transaction and say if a row changed. */
export function createInboxStore(database: Database) {
  const byPublicId = database.prepare<[string], DetailRow>(`
    SELECT ${inboxColumns}, tenant_id, header_cc, mail_from, rcpt_to, dated_at, message_id
    FROM messages WHERE public_id = ? AND inbox IS NOT NULL
  `)
  const rowIdOf = database
    .prepare<[string], number>('SELECT id FROM messages WHERE public_id = ?')
    .pluck()
  const counts = database.prepare<[string | null, string | null], InboxCounts & { name: string }>(`
    SELECT name, sum(total) AS total, sum(unread) AS unread FROM inboxes
    WHERE (? IS NULL OR tenant = ?) GROUP BY name ORDER BY name
  `)
  const tags = database.prepare<[string | null, string | null], { name: string; total: number }>(`
    SELECT name, sum(total) AS total FROM tags
    WHERE (? IS NULL OR tenant = ?) GROUP BY name ORDER BY name
  `)
  const setRead = database.prepare<[number, number]>('UPDATE messages SET read = ? WHERE id = ?')
  const optionsOf = database
    .prepare<[number], string | null>('SELECT options FROM messages WHERE id = ?')
    .pluck()
  const setOptions = database.prepare<[string, number]>(
    'UPDATE messages SET options = ? WHERE id = ?',
  )
  const remove = database.prepare<[number]>('DELETE FROM messages WHERE id = ?')

  return {
    find(caller: Caller, publicId: string): DetailRow {
      const row = byPublicId.get(publicId)
      if (row && isOfTenant(caller, row.tenant_id)) return row
      throw new Fault(
        'not_found',
        `There is no captured message ${publicId}. It may have been deleted.`,
      )
    },

    /** 0 for an unknown id. */
    rowId: (publicId: string): number => rowIdOf.get(publicId) ?? 0,

    inboxes: (caller: Caller) => counts.all(caller.tenantId, caller.tenantId),

    tags: (caller: Caller) => tags.all(caller.tenantId, caller.tenantId),

    setRead: (id: number, read: boolean): boolean => setRead.run(Number(read), id).changes > 0,

    /** Each tag is stored once, in its first spelling. */
    changeTags(id: number, change: TagChange): boolean {
      const options = optionsOf.get(id) ?? null
      const known = tagsOf(options)
      const next = normaliseTags(change(known))
      if (isSameTags(known, next)) return false
      const changed = { ...(JSON.parse(options ?? '{}') as MessageOptions), tags: next }
      return setOptions.run(JSON.stringify(changed), id).changes > 0
    },

    remove: (id: number): boolean => remove.run(id).changes > 0,
  }
}
