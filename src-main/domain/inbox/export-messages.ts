import type { InboxFilter } from '../../contract/messages.ts'
import { mboxEntry } from '../../mime/mbox.ts'
import type { Caller } from '../auth/caller.ts'
import type { InboxDeps } from './store.ts'

type ExportRow = {
  readonly mail_from: string
  readonly received_at: number
  readonly raw: Uint8Array
}

/** The entries of an mbox file, oldest first. Only one message is in memory at a time. */
export async function exportMessages(
  { reader, selection }: InboxDeps,
  caller: Caller,
  ids: readonly string[] | undefined,
  filter: InboxFilter,
): Promise<AsyncGenerator<Buffer>> {
  const rows = (await selection.ids(caller, ids, filter)).sort((a, b) => a - b)
  async function* entries() {
    for (const id of rows) {
      const row = await reader.first<ExportRow>(
        `SELECT mail_from, received_at, raw
         FROM messages JOIN bodies ON bodies.message_id = messages.id WHERE messages.id = ?`,
        id,
      )
      if (row) yield mboxEntry(Buffer.from(row.raw), row.mail_from, row.received_at)
    }
  }
  return entries()
}
