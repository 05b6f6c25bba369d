import type { EmailDetail, EmailQuery } from '../../contract/messages.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import type { Caller, LiveCaller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import { type MessageContents, type StoredContent, summaryOf } from '../reading/message-contents.ts'
import { type ChangeDeps, cancelEmail, retryEmail, retryEmails } from './change-emails.ts'
import { toDelivery, toEmailDetail, toScheduledDetail } from './email-rows.ts'
import { createEmailStore } from './email-store.ts'
import { listEmails } from './list-emails.ts'

export type Emails = ReturnType<typeof createEmails>

type EmailDeps = ChangeDeps & {
  readonly reader: Reader
  readonly contents: MessageContents
  readonly keys: Keys
}

type CreateDeps = Omit<EmailDeps, 'store'> & { readonly database: Database }

/** Live and captured messages from the sender's view. */
export function createEmails({ database, ...others }: CreateDeps) {
  const deps: EmailDeps = { ...others, store: createEmailStore(database) }
  const get = (caller: Caller, publicId: string): EmailDetail => readEmail(deps, caller, publicId)

  return {
    list: (caller: Caller, query: EmailQuery) => listEmails(deps, caller, query),
    get,

    async reschedule(caller: Caller, publicId: string, at: string): Promise<EmailDetail> {
      await deps.sending.reschedule(caller, publicId, at)
      return get(caller, publicId)
    },

    async cancel(caller: Caller, publicId: string): Promise<EmailDetail> {
      await cancelEmail(deps, caller, publicId)
      return get(caller, publicId)
    },

    async retry(caller: LiveCaller, publicId: string): Promise<EmailDetail> {
      await retryEmail(deps, caller, publicId)
      return get(caller, publicId)
    },

    retryMany: (caller: LiveCaller, ids: readonly string[]) => retryEmails(deps, caller, ids),

    /** The parts of the message. */
    content: async (caller: LiveCaller, publicId: string) =>
      summaryOf(await contentOf(deps, caller, publicId).parts()),

    /** The content of a live message, or of a scheduled one. */
    contentOf: (caller: LiveCaller, publicId: string) => contentOf(deps, caller, publicId),
  }
}

function readEmail(
  { store, keys, relays, sending }: EmailDeps,
  caller: Caller,
  publicId: string,
): EmailDetail {
  const scheduled = sending.findScheduled(caller, publicId)
  if (scheduled) return toScheduledDetail(keys, scheduled)
  const row = store.find(caller, publicId)
  const deliveries = store.deliveriesOf(row.id).map((one) => toDelivery(relays, caller, one))
  return toEmailDetail(keys, row, deliveries)
}

function contentOf(
  { store, contents, sending }: EmailDeps,
  caller: LiveCaller,
  publicId: string,
): StoredContent {
  const scheduled = sending.findScheduled(caller, publicId)
  if (scheduled?.mode === 'live') return contents.ofRaw(scheduled.raw)
  return contents.ofRow(store.findLive(caller, publicId).id)
}
