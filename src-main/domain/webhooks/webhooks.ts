import type { Clock } from '../../base/clock.ts'
import { timeId } from '../../base/ids.ts'
import type { Log } from '../../base/log.ts'
import type { Vault } from '../../base/vault.ts'
import { Fault } from '../../contract/faults.ts'
import type {
  NewWebhook,
  Webhook,
  WebhookChange,
  WebhookEvent,
  WebhookFigures,
  WebhookLog,
  WebhookLogQuery,
  WebhookQuery,
  WebhookWithSecret,
} from '../../contract/webhooks.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { EventLog } from '../../storage/event-log.ts'
import type { Reader } from '../../storage/reader.ts'
import type { Caller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { ProvenClock } from '../settings/proven-time.ts'
import type { SettingsStore } from '../settings/settings.ts'
import { createWebhook, removeWebhook, updateWebhook } from './change-webhook.ts'
import { startWebhookDispatch } from './dispatch.ts'
import { startWebhookEnqueuing } from './enqueue.ts'
import { createWebhookLogs, type WebhookLogs } from './logs.ts'
import { eventPayload, messageData } from './payloads.ts'
import type { WebhookPosts } from './posts.ts'
import { decideWebhook } from './rules.ts'
import { postSigned } from './signed-post.ts'
import { createWebhookStore, toWire, type WebhookRow } from './store.ts'

export type Webhooks = ReturnType<typeof createWebhooks>

type WebhookDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly eventLog: EventLog
  readonly clock: Clock
  readonly provenClock: ProvenClock
  readonly log: Log
  readonly keys: Keys
  readonly vault: Vault
  readonly posts: WebhookPosts
  readonly settings: SettingsStore
}

type ChangedWebhook = { readonly publicId: string; readonly secret?: string | undefined }

/** Webhook CRUD, test and replay. */
export function createWebhooks(deps: WebhookDeps) {
  const { database, vault } = deps
  const store = createWebhookStore(database)
  const dispatch = startWebhookDispatch({ ...deps, store })
  const enqueuing = startWebhookEnqueuing({ ...deps, store, onEnqueued: dispatch.wake })
  const logs = createWebhookLogs(deps)

  function refresh(): void {
    store.read()
    enqueuing.wake()
    dispatch.wake()
  }

  const wire = (row: WebhookRow): Webhook => toWire(row, vault)
  const rowOf = (caller: Caller, publicId: string): WebhookRow => store.find(caller, publicId)
  const changeDeps = { ...deps, store, subscribeFromEnd: enqueuing.subscribeFromEnd }

  function changed(caller: Caller, { publicId, secret }: ChangedWebhook): WebhookWithSecret {
    refresh()
    return { ...wire(rowOf(caller, publicId)), ...(secret === undefined ? {} : { secret }) }
  }

  return {
    list: (caller: Caller, query: WebhookQuery) => toPage(store.visible(caller), query, wire),

    figures: (caller: Caller): Promise<WebhookFigures[]> =>
      Promise.all(store.visible(caller).map(logs.figures)),

    get: (caller: Caller, publicId: string): Webhook => wire(rowOf(caller, publicId)),

    create: async (caller: Caller, input: NewWebhook): Promise<WebhookWithSecret> =>
      changed(caller, await createWebhook(changeDeps, caller, input)),

    update: async (
      caller: Caller,
      publicId: string,
      change: WebhookChange,
    ): Promise<WebhookWithSecret> =>
      changed(caller, await updateWebhook(changeDeps, caller, rowOf(caller, publicId), change)),

    async remove(caller: Caller, publicId: string): Promise<{ id: string; deleted: true }> {
      const row = rowOf(caller, publicId)
      await removeWebhook(changeDeps, caller, row)
      refresh()
      dispatch.forget(row.id)
      logs.sweep()
      return { id: publicId, deleted: true }
    },

    logs: async (caller: Caller, publicId: string, query: WebhookLogQuery) =>
      logs.list(rowOf(caller, publicId), query),

    /** Posts a sample event at once, to an inactive webhook too. */
    test: async (caller: Caller, publicId: string, wanted?: WebhookEvent): Promise<WebhookLog> =>
      testWebhook(deps, logs, rowOf(caller, publicId), wanted),

    async replay(caller: Caller, publicId: string, log: string): Promise<WebhookLog> {
      const entry = await logs.replay(requireActive(rowOf(caller, publicId)), log)
      dispatch.wake()
      return entry
    },

    wake: dispatch.wake,

    /** Resolves when no delivery is due. */
    async idle(): Promise<void> {
      await enqueuing.idle()
      await dispatch.idle()
      await logs.idle()
    },

    async close(): Promise<void> {
      await enqueuing.close()
      await dispatch.close()
      await logs.close()
    },
  }
}

function toPage(
  all: readonly WebhookRow[],
  { page, limit }: WebhookQuery,
  wire: (row: WebhookRow) => Webhook,
) {
  const data = all.slice((page - 1) * limit, page * limit).map(wire)
  return { data, pagination: { page, limit, total: all.length } }
}

function requireActive(row: WebhookRow): WebhookRow {
  if (row.active) return row
  throw new Fault('conflict', 'This webhook is inactive. Set “active”: true, then replay.')
}

async function testWebhook(
  deps: WebhookDeps,
  logs: WebhookLogs,
  row: WebhookRow,
  wanted: WebhookEvent | undefined,
): Promise<WebhookLog> {
  const now = deps.clock.now()
  const [first = 'delivered'] = row.events
  const payload = eventPayload(timeId('evt', now), wanted ?? first, now, {
    ...messageData(sample, sample.recipients[0]),
    test: true,
  })
  const outcome = await postSigned(deps, row, payload)
  return logs.recordTest(row, payload, outcome, decideWebhook(outcome, 1, now).error)
}

const sample = {
  publicId: 'msg_test',
  from: 'app@example.com',
  recipients: ['recipient@example.com'],
  subject: 'A test of this webhook',
} as const
