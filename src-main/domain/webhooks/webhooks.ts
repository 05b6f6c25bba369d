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
import { createWebhookLogs } from './logs.ts'
import { messageData, notice } from './payloads.ts'
import { startWebhookPlanning } from './planning.ts'
import type { WebhookPosts } from './posts.ts'
import { badUrl, decideWebhook, readWebhookUrl } from './rules.ts'
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

/** Who is told of what: webhooks, their secrets and their deliveries. */
export function createWebhooks(deps: WebhookDeps) {
  const { database, queue, clock, vault, posts } = deps
  const store = createWebhookStore(database)
  const dispatch = startWebhookDispatch({ ...deps, store })
  const planning = startWebhookPlanning({ ...deps, store, planned: dispatch.wake })
  const logs = createWebhookLogs(deps)

  function checkUrl(text: string): void {
    const problem = posts.refusal(readWebhookUrl(text))
    if (problem !== null) throw badUrl(problem)
  }

  function note(transaction: Transaction, type: EventType, row: WebhookIdentity, by: Caller): void {
    transaction.append({
      type,
      tenantId: row.tenantId,
      data: { webhook: row.publicId, by: by.publicId },
    })
  }

  /** Where a webhook that is switched on begins to listen; inside a transaction. */
  function listenFromHere(): number {
    if (!store.isAnyStoredActive()) planning.startHere()
    return deps.eventLog.lastSeq()
  }

  /** Memory follows the disk, and there may be something to do. */
  function refresh(): void {
    store.read()
    planning.wake()
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
      const mine = store.visible(caller).filter((row) => row.tenantId === tenantId)
      if (mine.length >= maxPerTenant) {
        throw new Fault(
          'conflict',
          `There are ${maxPerTenant} webhooks already. Delete one, or let one listen to more events.`,
        )
      }
      const secret = input.secret ?? makeSecret()
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
          sinceSeq: listenFromHere(),
          createdAt: now,
        }
        store.insert(row)
        note(transaction, 'webhook.created', row, caller)
      })
      refresh()
      const made = wire(rowOf(caller, publicId))
      return input.secret ? made : { ...made, secret }
    },

    async update(
      caller: Caller,
      publicId: string,
      change: WebhookChange,
    ): Promise<WebhookWithSecret> {
      const { id } = rowOf(caller, publicId)
      if (change.url !== undefined) checkUrl(change.url)
      const made = change.secret === null ? makeSecret() : undefined
      const secret = made ?? change.secret
      await queue.write((transaction) => {
        const row = store.stored(id)
        if (!row) throw new Fault('not_found', `There is no webhook ${publicId}.`)
        const active = change.active ?? row.active
        const isSwitchedOn = active && !row.active
        const isNewStart = isSwitchedOn || (change.url !== undefined && change.url !== row.url)
        store.update({
          ...row,
          url: change.url ?? row.url,
          events: change.events ?? row.events,
          secretSealed: secret ? vault.seal(secret) : row.secretSealed,
          active,
          sinceSeq: isSwitchedOn ? listenFromHere() : row.sinceSeq,
          failures: isNewStart ? 0 : row.failures,
          disabledAt: active ? null : row.disabledAt,
        })
        note(transaction, 'webhook.updated', row, caller)
      })
      refresh()
      const updated = wire(rowOf(caller, publicId))
      return made === undefined ? updated : { ...updated, secret: made }
    },

    async remove(caller: Caller, publicId: string): Promise<{ id: string; deleted: true }> {
      const row = rowOf(caller, publicId)
      await queue.write((transaction) => {
        store.remove(row.id, clock.now())
        note(transaction, 'webhook.deleted', row, caller)
      })
      refresh()
      dispatch.forget(row.id)
      logs.sweep()
      return { id: publicId, deleted: true }
    },

    logs: async (caller: Caller, publicId: string, query: WebhookLogQuery) =>
      logs.list(rowOf(caller, publicId), query),

    /** Posts a made-up event at once, to a webhook that is switched off as well. */
    async test(caller: Caller, publicId: string, wanted?: WebhookEvent): Promise<WebhookLog> {
      const row = rowOf(caller, publicId)
      const now = clock.now()
      const [first = 'delivered'] = row.events
      const made = notice(timeId('evt', now), wanted ?? first, now, {
        ...messageData(sample, sample.recipients[0]),
        test: true,
      })
      const outcome = await dispatch.post(row, made)
      return logs.keepTest(row, made, outcome, decideWebhook(outcome, 1, now).error)
    },

    async replay(caller: Caller, publicId: string, log: string): Promise<WebhookLog> {
      const row = rowOf(caller, publicId)
      if (!row.active) {
        throw new Fault(
          'conflict',
          'This webhook is switched off. Switch it on with “active”: true, then replay.',
        )
      }
      const entry = await logs.replay(row, log)
      dispatch.wake()
      return entry
    },

    wake: dispatch.wake,

    /** Until all that is due has been posted. */
    async idle(): Promise<void> {
      await planning.idle()
      await dispatch.idle()
      await logs.idle()
    },

    async close(): Promise<void> {
      await planning.close()
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

const makeSecret = (): string => `whsec_${randomBase62(32)}`
