import type { Clock } from '../../base/clock.ts'
import { timeId } from '../../base/ids.ts'
import type { Log } from '../../base/log.ts'
import type { Vault } from '../../base/vault.ts'
import { Fault } from '../../contract/faults.ts'
import type { RelayDraft, RelayQueue } from '../../contract/relay-tests.ts'
import type { NewRelay, Relay, RelayChange } from '../../contract/relays.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import type { Caller, LiveCaller } from '../auth/caller.ts'
import type { TenantRecords } from '../auth/tenant-records.ts'
import { createRelayAdmission } from './admission.ts'
import {
  applyEnvironmentRelay,
  createRelay,
  type RelayContext,
  removeRelay,
  reorderRelays,
  setDefaultRelay,
  updateRelay,
} from './change-relays.ts'
import { createRelayChoice, noRelay } from './choose-relays.ts'
import { createDeliveryQueues } from './delivery-queues.ts'
import { makeDkimKey } from './dkim-keys.ts'
import { createRelayHealth } from './health.ts'
import { createRelayQuota } from './quota.ts'
import { createRelayViews } from './show-relays.ts'
import { isShownTo, type ShownReply, showReply, type Viewer } from './shown-to.ts'
import { createRelaySlots } from './slots.ts'
import { createRelayStore } from './store.ts'
import { createTenantRelays } from './tenant-relays.ts'
import { createRelayTests } from './tests.ts'
import type { RelayTarget, Upstream } from './upstream.ts'

export type Relays = ReturnType<typeof createRelays>

type RelayDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly vault: Vault
  readonly upstream: Upstream
  readonly reader: Reader
  readonly tenantRecords: TenantRecords
  readonly log: Log
}

/** Upstream SMTP servers. `createRelays` puts the parts of this folder together. */
export function createRelays(deps: RelayDeps) {
  const parts = createParts(deps)
  const { context, store, choice, views, tests } = parts
  const { clock, reader, upstream } = deps

  const listOwn = (caller: Caller): Relay[] => views.allFor(caller, choice.ownedBy(caller.tenantId))

  return {
    list: (caller: Caller): Relay[] => views.allFor(caller, choice.visible(caller)),
    /** Without the relays of tenants, unless the caller is one. */
    listOwn,
    get: (caller: Caller, publicId: string): Relay =>
      views.oneFor(caller, choice.find(caller, publicId)),

    create: (caller: LiveCaller, input: NewRelay) => createRelay(context, caller, input),
    update: (caller: LiveCaller, publicId: string, change: RelayChange) =>
      updateRelay(context, caller, publicId, change),
    setDefault: (caller: LiveCaller, publicId: string) =>
      setDefaultRelay(context, caller, publicId),
    remove: (caller: LiveCaller, publicId: string) => removeRelay(context, caller, publicId),
    async reorder(caller: LiveCaller, ids: readonly string[]): Promise<Relay[]> {
      await reorderRelays(context, caller, ids)
      return listOwn(caller)
    },
    override: createTenantRelays(context),
    bootstrap: (fromEnvironment: NewRelay | null) =>
      applyEnvironmentRelay(context, fromEnvironment),

    queueOf: (caller: LiveCaller, publicId: string) => queueOf(context, reader, caller, publicId),

    test: (caller: LiveCaller, publicId: string, recipient?: string) =>
      tests.test(caller, choice.find(caller, publicId), recipient),
    testDraft: (caller: LiveCaller, { relay_id: known, ...draft }: RelayDraft) =>
      tests.testDraft(caller, draft, known === undefined ? null : choice.find(caller, known)),
    /** Sends a test message; returns an id for it. */
    async sendTest(caller: LiveCaller, publicId: string, recipient: string): Promise<string> {
      await tests.test(caller, choice.find(caller, publicId), recipient)
      return timeId('del', clock.now())
    },
    async testFirst(caller: LiveCaller) {
      const [row] = choice.usable(caller.tenantId)
      if (!row) throw noRelay()
      if (isShownTo(caller, row)) return tests.test(caller, row, undefined)
      return tests.test(caller, row, undefined).catch((error) => {
        if (!(error instanceof Fault)) throw error
        throw new Fault(error.code, 'The relay of the installation could not be used.')
      })
    },
    makeDkimKey,

    ...createDeliverySide(parts, upstream),

    /** The relay that answered and its reply, for a caller or a tenant. */
    shownTo(viewer: Viewer, id: number | null, reply: string | null): ShownReply {
      return id === null ? { relay: null, reply } : showReply(viewer, store.find(id), reply)
    },
    state: views.state,
    health: views.health,
  }
}

type Parts = ReturnType<typeof createParts>

/** The relays for a message, and the outcome of sending through them. */
function createDeliverySide(parts: Parts, upstream: Upstream) {
  const { store, quota, health, slots, admission, choice } = parts
  return {
    chosen: choice.chosen,
    defaultSender: choice.defaultSender,
    hasAny: (tenantId: string | null): boolean => choice.usable(tenantId).length > 0,
    /** Usable relays in the order of attempts; a relay that the sender chose comes first. */
    targets: (tenantId: string | null, chosenId: number | null): RelayTarget[] =>
      choice.ordered({ tenantId, chosenId }).map(store.toTarget),

    slots,
    ...admission,
    /** Connects without mail to a failing relay, to see whether it answers again. */
    async check(id: number): Promise<void> {
      const slot = slots.enter(id)
      if (!slot) return
      const trouble = await upstream.check(store.toTarget(store.byId(id)), slot.listener)
      slot.leave(trouble ? { type: 'trouble', trouble } : { type: 'checked' })
      await health.noteOutcome(id, trouble?.reply ?? null)
    },
    noteOutcome: health.noteOutcome,
    /** Calls the one `listener` when the state of a connection changes. */
    onConnectionChange: parts.onConnectionChange,
    onChange: store.onChange,

    /** The time of the next quota when no relay has any left today; null: one has. */
    fullUntil(tenantId: string | null): number | null {
      const all = choice.usable(tenantId)
      const isFull = all.length > 0 && all.every((row) => quota.room(row) === 0)
      return isFull ? quota.nextMidnight() : null
    },
    /** Takes up to `wanted` recipients from today's limit. */
    take(id: number, wanted: number) {
      const row = store.find(id)
      // The relay was removed while the message was under way: no limit is used.
      return row ? quota.take(row, wanted) : { taken: 0, settle: () => undefined }
    },
    /** Saves today's count, inside the transaction that settles the recipients. */
    saveCount: (id: number): void => void store.saveDay(id, quota.today(), quota.sentToday(id)),
  }
}

function createParts({ database, queue, clock, vault, upstream, tenantRecords, log }: RelayDeps) {
  const store = createRelayStore({ database, clock, vault })
  const choice = createRelayChoice({ store, tenantRecords })
  const quota = createRelayQuota(clock, store.all())
  const health = createRelayHealth({ store, queue, clock })
  const slots = createRelaySlots({
    clock,
    hasFailed: (id) => (store.find(id)?.failures ?? 0) > 0,
    ownerOf: (id) => store.find(id)?.tenant_id ?? null,
  })
  const queues = createDeliveryQueues(database)
  const { ordered } = choice
  const admission = createRelayAdmission({ queues, clock, slots, quota, ordered })
  const views = createRelayViews({ store, choice, admission, quota, slots })
  const noteOutcome = async (id: number, error: string | null): Promise<void> => {
    if (error === null) slots.noteReached(id)
    await health.noteOutcome(id, error)
  }
  const tests = createRelayTests({ store, noteOutcome, upstream, clock })
  let connectionChanged = (): void => undefined
  slots.onChange((id) => {
    health
      .noteState(id, slots.read(id).state)
      .catch((error) => log.error('The state of a relay could not be saved', error, { relay: id }))
    connectionChanged()
  })
  function reload(id: number): void {
    slots.reset(id)
    store.reload(id)
  }
  const context: RelayContext = { store, queue, quota, choice, views, reload }
  return {
    context,
    store,
    quota,
    health,
    slots,
    admission,
    choice,
    views,
    tests,
    onConnectionChange(listener: () => void): void {
      connectionChanged = listener
    },
  }
}

/** Waiting mail that may use this relay, and the relay that takes over without it. */
async function queueOf(
  { choice }: RelayContext,
  reader: Reader,
  caller: LiveCaller,
  publicId: string,
): Promise<RelayQueue> {
  const row = choice.find(caller, publicId)
  const next = choice.usable(row.tenant_id).find(({ id }) => id !== row.id)
  const found = await reader.first<{ waiting: number; chosen: number }>(
    `SELECT count(*) AS waiting, coalesce(sum(relay_id = ?), 0) AS chosen FROM messages
     WHERE mode = 'live' AND status IN ('queued', 'sending') AND (? IS NULL OR tenant_id = ?)`,
    row.id,
    row.tenant_id,
    row.tenant_id,
  )
  const { waiting = 0, chosen = 0 } = found ?? {}
  return { waiting, chosen, next: next?.name ?? null }
}
