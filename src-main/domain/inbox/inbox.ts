import type {
  InboxFilter,
  InboxMessage,
  InboxQuery,
  MessageChange,
  MessageChanges,
} from '../../contract/messages.ts'
import type { Database } from '../../storage/database.ts'
import type { Caller } from '../auth/caller.ts'
import type { StoredContent } from '../reading/message-contents.ts'
import { readAttachedMessage } from './attached-message.ts'
import { changeMany, removeMessages, updateMessages } from './change-messages.ts'
import { exportMessages } from './export-messages.ts'
import { listMessages } from './list-messages.ts'
import { envelopeOf, readDetail, readPart, readStructure, readSummary } from './read-message.ts'
import { createInboxStore, type InboxDeps } from './store.ts'

export type Inbox = ReturnType<typeof createInbox>

type CreateDeps = Omit<InboxDeps, 'store'> & { readonly database: Database }

/** Captured messages: list, read, change, delete, export. */
export function createInbox({ database, ...others }: CreateDeps) {
  const store = createInboxStore(database)
  const deps: InboxDeps = { ...others, store }
  const { contents, selection } = deps

  return {
    inboxes: store.inboxes,
    tags: store.tags,
    list: (caller: Caller, query: InboxQuery, signal?: AbortSignal) =>
      listMessages(deps, caller, query, signal),

    get: (caller: Caller, publicId: string) => readDetail(deps, caller, publicId),

    /** Refuses a message that this caller may not see. */
    requireVisible: (caller: Caller, publicId: string): void => void store.find(caller, publicId),

    envelope: (caller: Caller, publicId: string) => envelopeOf(store.find(caller, publicId)),

    structure: (caller: Caller, publicId: string) => readStructure(deps, caller, publicId),

    part: (caller: Caller, publicId: string, path: string) =>
      readPart(deps, caller, publicId, path),

    contentOf: (caller: Caller, publicId: string): StoredContent =>
      contents.ofRow(store.find(caller, publicId).id),

    attachedMessage: (caller: Caller, publicId: string, index: number) =>
      readAttachedMessage(deps, caller, publicId, index),

    async change(
      caller: Caller,
      publicId: string,
      { read, tags }: MessageChange,
    ): Promise<InboxMessage> {
      store.find(caller, publicId)
      await updateMessages(deps, caller, { read, tags: tags && (() => tags) }, [publicId])
      return readSummary(deps, caller, publicId)
    },

    changeMany: (caller: Caller, changes: MessageChanges) => changeMany(deps, caller, changes),

    async remove(caller: Caller, publicId: string): Promise<{ id: string; deleted: true }> {
      store.find(caller, publicId)
      await removeMessages(deps, caller, [publicId])
      return { id: publicId, deleted: true }
    },

    removeMany: (caller: Caller, ids: readonly string[]) => removeMessages(deps, caller, ids),
    clear: (caller: Caller, filter: InboxFilter) => removeMessages(deps, caller, undefined, filter),

    count: async (caller: Caller, filter: InboxFilter, signal?: AbortSignal) => ({
      count: await selection.count(caller, filter, signal),
    }),

    export: (caller: Caller, ids: readonly string[] | undefined, filter: InboxFilter) =>
      exportMessages(deps, caller, ids, filter),
  }
}
