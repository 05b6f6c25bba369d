import type { Clock } from '../../base/clock.ts'
import { randomBase62, timeId } from '../../base/ids.ts'
import type { Log } from '../../base/log.ts'
import type { Vault } from '../../base/vault.ts'
import type { EventType } from '../../contract/events.ts'
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
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { EventLog } from '../../storage/event-log.ts'
import type { Reader } from '../../storage/reader.ts'
import type { Caller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { ProvenClock } from '../settings/proven-time.ts'
import type { SettingsStore } from '../settings/settings.ts'
import { startWebhookDispatch } from './dispatch.ts'
import { startWebhookEnqueuing } from './enqueue.ts'
import { createWebhookLogs } from './logs.ts'
import { eventPayload, messageData } from './payloads.ts'
import type { WebhookPosts } from './posts.ts'
import { badUrl, decideWebhook, readWebhookUrl } from './rules.ts'
import { postSigned } from './signed-post.ts'
import { createWebhookStore, toWire, type WebhookRow } from './store.ts'

export type Webhooks = ReturnType<typeof createWebhooks>

const maxPerTenant = 50

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

/** Webhook CRUD, test and replay. */
export function createWebhooks(deps: WebhookDeps) {
  const { database, queue, clock, vault, posts } = deps
  const store = createWebhookStore(database)
  const dispatch = startWebhookDispatch({ ...deps, store })
  const enqueuing = startWebhookEnqueuing({ ...deps, store, onEnqueued: dispatch.wake })
  const logs = createWebhookLogs(deps)

  function checkUrl(text: string): void {
    const problem = posts.refusal(readWebhookUrl(text))
    if (problem !== null) throw badUrl(problem)
  }

  function audit(
    transaction: Transaction,
    type: EventType,
    row: WebhookIdentity,
    by: Caller,
  ): void {
    transaction.append({
      type,
      tenantId: row.tenantId,
      data: { webhook: row.publicId, by: by.publicId },
    })
  }

  /** A webhook that becomes active gets only later events. Runs inside a transaction. */
  function subscribeFromEnd(): number {
    if (!store.isAnyStoredActive()) enqueuing.startAtEnd()
    return deps.eventLog.lastSeq()
  }

  function refresh(): void {
    store.read()
    enqueuing.wake()
    dispatch.wake()
  }

  const wire = (row: WebhookRow): Webhook => toWire(row, vault)
  const rowOf = (caller: Caller, publicId: string): WebhookRow => store.find(caller, publicId)

  return {
    list(caller: Caller, { page, limit }: WebhookQuery) {
      const all = store.visible(caller)
      const data = all.slice((page - 1) * limit, page * limit).map(wire)
      return { data, pagination: { page, limit, total: all.length } }
    },

    figures: (caller: Caller): Promise<WebhookFigures[]> =>
      Promise.all(store.visible(caller).map(logs.figures)),

    get: (caller: Caller, publicId: string): Webhook => wire(rowOf(caller, publicId)),

    async create(caller: Caller, input: NewWebhook): Promise<WebhookWithSecret> {
      checkUrl(input.url)
      const { tenantId } = caller
      const own = store.visible(caller).filter((row) => row.tenantId === tenantId)
      if (own.length >= maxPerTenant) {
        throw new Fault(
          'conflict',
          `The limit of ${maxPerTenant} webhooks is reached. Delete one, or subscribe one to more events.`,
        )
      }
      const secret = input.secret ?? createSecret()
      const now = clock.now()
      const publicId = timeId('wh', now)
      await queue.write((transaction) => {
        const row = {
          publicId,
          tenantId,
          mode: caller.mode,
          url: input.url,
          events: input.events,
          secretSealed: vault.seal(secret),
          active: input.active,
          sinceSeq: subscribeFromEnd(),
          createdAt: now,
        }
        store.insert(row)
        audit(transaction, 'webhook.created', row, caller)
      })
      refresh()
      const created = wire(rowOf(caller, publicId))
      return input.secret ? created : { ...created, secret }
    },

    async update(
      caller: Caller,
      publicId: string,
      change: WebhookChange,
    ): Promise<WebhookWithSecret> {
      const { id } = rowOf(caller, publicId)
      if (change.url !== undefined) checkUrl(change.url)
      const newSecret = change.secret === null ? createSecret() : undefined
      const secret = newSecret ?? change.secret
      await queue.write((transaction) => {
        const row = store.stored(id)
        if (!row) throw new Fault('not_found', `There is no webhook ${publicId}.`)
        const active = change.active ?? row.active
        const isActivated = active && !row.active
        const isNewStart = isActivated || (change.url !== undefined && change.url !== row.url)
        store.update({
          ...row,
          url: change.url ?? row.url,
          events: change.events ?? row.events,
          secretSealed: secret ? vault.seal(secret) : row.secretSealed,
          active,
          sinceSeq: isActivated ? subscribeFromEnd() : row.sinceSeq,
          failures: isNewStart ? 0 : row.failures,
          disabledAt: active ? null : row.disabledAt,
        })
        audit(transaction, 'webhook.updated', row, caller)
      })
      refresh()
      const updated = wire(rowOf(caller, publicId))
      return newSecret === undefined ? updated : { ...updated, secret: newSecret }
    },

    async remove(caller: Caller, publicId: string): Promise<{ id: string; deleted: true }> {
      const row = rowOf(caller, publicId)
      await queue.write((transaction) => {
        store.remove(row.id, clock.now())
        audit(transaction, 'webhook.deleted', row, caller)
      })
      refresh()
      dispatch.forget(row.id)
      logs.sweep()
      return { id: publicId, deleted: true }
    },

    logs: async (caller: Caller, publicId: string, query: WebhookLogQuery) =>
      logs.list(rowOf(caller, publicId), query),

    /** Posts a sample event at once, to an inactive webhook too. */
    async test(caller: Caller, publicId: string, wanted?: WebhookEvent): Promise<WebhookLog> {
      const row = rowOf(caller, publicId)
      const now = clock.now()
      const [first = 'delivered'] = row.events
      const payload = eventPayload(timeId('evt', now), wanted ?? first, now, {
        ...messageData(sample, sample.recipients[0]),
        test: true,
      })
      const outcome = await postSigned(deps, row, payload)
      return logs.recordTest(row, payload, outcome, decideWebhook(outcome, 1, now).error)
    },

    async replay(caller: Caller, publicId: string, log: string): Promise<WebhookLog> {
      const row = rowOf(caller, publicId)
      if (!row.active) {
        throw new Fault('conflict', 'This webhook is inactive. Set “active”: true, then replay.')
      }
      const entry = await logs.replay(row, log)
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

type WebhookIdentity = Pick<WebhookRow, 'publicId' | 'tenantId'>

const sample = {
  publicId: 'msg_test',
  from: 'app@example.com',
  recipients: ['recipient@example.com'],
  subject: 'A test of this webhook',
} as const

const createSecret = (): string => `whsec_${randomBase62(32)}`
