import type { Clock } from '../../base/clock.ts'
import { timeId } from '../../base/ids.ts'
import type { Log } from '../../base/log.ts'
import type { Vault } from '../../base/vault.ts'
import type { EventType } from '../../contract/events.ts'
import { Fault } from '../../contract/faults.ts'
import type { RelayDraft, RelayQueue } from '../../contract/relay-tests.ts'
import type { NewRelay, Relay, RelayChange } from '../../contract/relays.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import { type Caller, isOfTenant, type LiveCaller, requirePermission } from '../auth/caller.ts'
import type { TenantRecords } from '../auth/tenant-records.ts'
import { createRelayAdmission } from './admission.ts'
import { createDeliveryQueues, type MailQueue } from './delivery-queues.ts'
import { makeDkimKey } from './dkim-keys.ts'
import { createRelayHealth } from './health.ts'
import { prioritiesFor } from './order.ts'
import { createRelayQuota } from './quota.ts'
import { type RelayRow, relayId, toWire } from './rows.ts'
import {
  installationRelay,
  isShownTo,
  type ShownReply,
  showReply,
  type Viewer,
} from './shown-to.ts'
import { createRelaySlots } from './slots.ts'
import { createRelayStore } from './store.ts'
import { createRelayTests } from './tests.ts'
import type { RelayTarget, Upstream } from './upstream.ts'

export type Relays = ReturnType<typeof createRelays>

/** A password that is not given stays. */
export type RelayOverride = Omit<NewRelay, 'password'> & Pick<RelayChange, 'password'>

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

/** Upstream SMTP servers, in the order they are tried. */
export function createRelays(deps: RelayDeps) {
  const { database, queue, clock, vault, upstream, reader, tenantRecords, log } = deps
  const store = createRelayStore({ database, clock, vault })
  const quota = createRelayQuota(clock, store.all())
  const health = createRelayHealth({ store, queue, clock })
  const slots = createRelaySlots({
    clock,
    hasFailed: (id) => (store.find(id)?.failures ?? 0) > 0,
    ownerOf: (id) => store.find(id)?.tenant_id ?? null,
  })
  const noteOutcome = async (id: number, error: string | null): Promise<void> => {
    if (error === null) slots.noteReached(id)
    await health.noteOutcome(id, error)
  }
  const { test, testDraft } = createRelayTests({ store, noteOutcome, upstream, clock })
  const admission = createRelayAdmission({
    queues: createDeliveryQueues(database),
    clock,
    slots,
    quota,
    ordered,
  })
  let connectionChanged = (): void => undefined
  slots.onChange((id) => {
    health
      .noteState(id, slots.read(id).state)
      .catch((error) => log.error('The state of a relay could not be noted', error, { relay: id }))
    connectionChanged()
  })

  function wireAll(rows: readonly RelayRow[]): Relay[] {
    const waiting = admission.waitingByRelay(rows.map(({ id }) => id))
    return rows.map((row) => wireWith(row, waiting))
  }

  const wireWith = (row: RelayRow, waiting: ReadonlyMap<number, number>): Relay =>
    toWire(row, quota.sentToday(row.id), store.secretProblem(row), {
      ...slots.read(row.id),
      waiting: waiting.get(row.id) ?? 0,
    })

  const wire = (row: RelayRow): Relay => wireWith(row, admission.waitingByRelay([row.id]))

  /** Nothing that was known of it holds for a changed relay. */
  function reload(id: number): void {
    slots.reset(id)
    store.reload(id)
  }

  /** How live mail fares on it is not for a test key. */
  function shownAll(caller: Caller, rows: readonly RelayRow[]): Relay[] {
    if (caller.mode === 'live') return wireAll(rows)
    return rows.map(withoutHealth)
  }

  const shown = (caller: Caller, row: RelayRow): Relay =>
    caller.mode === 'live' ? wire(row) : withoutHealth(row)

  function visible(caller: Caller): RelayRow[] {
    return store.all().filter((row) => isOfTenant(caller, row.tenant_id))
  }

  /**
   * A tenant's own relays first; without any it uses the installation's. A deleted tenant has none:
   * its mail is removed piece by piece, and must not leave meanwhile.
   */
  function usable(tenantId: string | null): RelayRow[] {
    if (tenantId !== null && tenantRecords.find(tenantId) === null) return []
    const own = store.all().filter((row) => row.tenant_id === tenantId)
    return own.length > 0 ? own : store.all().filter((row) => row.tenant_id === null)
  }

  /** In the order they are tried; one that the sender chose comes first. */
  function ordered({ tenantId, chosenId }: MailQueue): RelayRow[] {
    return usable(tenantId).toSorted(
      (a, b) => Number(b.id === chosenId) - Number(a.id === chosenId),
    )
  }

  function find(caller: Caller, publicId: string): RelayRow {
    const row = visible(caller).find((candidate) => relayId(candidate.id) === publicId)
    if (!row) throw new Fault('not_found', `There is no relay ${publicId}.`)
    return row
  }

  function refuseEnvironment(row: RelayRow): void {
    if (row.source !== 'environment') return
    throw new Fault(
      'conflict',
      'This relay comes from SMTP_HOST in the environment. Change it there and restart.',
    )
  }

  function note(
    transaction: Transaction,
    type: EventType,
    row: { readonly id: number; readonly tenant_id: string | null },
    by: LiveCaller,
  ): void {
    const data = { relay: relayId(row.id), by: by.publicId }
    transaction.append({ type, tenantId: row.tenant_id, data })
  }

  function removeIn(transaction: Transaction, by: LiveCaller, row: RelayRow): void {
    store.remove(row.id)
    note(transaction, 'relay.deleted', row, by)
  }

  const listOwn = (caller: Caller): Relay[] =>
    shownAll(
      caller,
      store.all().filter(({ tenant_id }) => tenant_id === caller.tenantId),
    )

  async function change(caller: LiveCaller, row: RelayRow, next: RelayChange): Promise<Relay> {
    await queue.write((transaction) => {
      store.update(row, next)
      note(transaction, 'relay.updated', row, caller)
    })
    reload(row.id)
    return wire(store.byId(row.id))
  }

  return {
    list: (caller: Caller): Relay[] => shownAll(caller, visible(caller)),
    /** Without those of tenants, unless the caller is one. */
    listOwn,
    get: (caller: Caller, publicId: string): Relay => shown(caller, find(caller, publicId)),

    async create(caller: LiveCaller, input: NewRelay): Promise<Relay> {
      const made = await queue.write((transaction) => {
        const row = store.insert(input, 'created', caller.tenantId)
        note(transaction, 'relay.created', row, caller)
        return row
      })
      reload(made.id)
      return wire(store.byId(made.id))
    },

    update(caller: LiveCaller, publicId: string, next: RelayChange): Promise<Relay> {
      const row = find(caller, publicId)
      const isDefaultOnly = next.is_default === true && Object.keys(next).length === 1
      if (!isDefaultOnly) refuseEnvironment(row)
      return change(caller, row, next)
    },

    /** The first becomes the default, if there is one: it would be tried first all the same. */
    async reorder(caller: LiveCaller, ids: readonly string[]): Promise<Relay[]> {
      const own = store.all().filter(({ tenant_id }) => tenant_id === caller.tenantId)
      const priorities = prioritiesFor(own, ids)
      const [first] = priorities.keys()
      const hasDefault = own.some(({ is_default }) => is_default === 1)
      await queue.write((transaction) => {
        for (const row of own) {
          store.setPriority(row.id, priorities.get(row.id) ?? row.priority)
          if (row.priority !== priorities.get(row.id))
            note(transaction, 'relay.updated', row, caller)
        }
        if (hasDefault && first !== undefined) store.makeDefault(first, caller.tenantId)
      })
      store.refresh()
      return own.length === 0 ? [] : listOwn(caller)
    },

    /** What waits to leave and would miss this relay, and which one takes over. */
    async queueOf(caller: LiveCaller, publicId: string): Promise<RelayQueue> {
      const row = find(caller, publicId)
      const next = usable(row.tenant_id).find(({ id }) => id !== row.id)
      const found = await reader.first<{ waiting: number; chosen: number }>(
        `SELECT count(*) AS waiting, coalesce(sum(relay_id = ?), 0) AS chosen FROM messages
         WHERE mode = 'live' AND status IN ('queued', 'sending') AND (? IS NULL OR tenant_id = ?)`,
        row.id,
        row.tenant_id,
        row.tenant_id,
      )
      return {
        waiting: found?.waiting ?? 0,
        chosen: found?.chosen ?? 0,
        next: next?.name ?? null,
      }
    },

    /** Also the environment's relay: it stays as it is, and is tried first. */
    setDefault: (caller: LiveCaller, publicId: string): Promise<Relay> =>
      change(caller, find(caller, publicId), { is_default: true }),

    async remove(caller: LiveCaller, publicId: string): Promise<{ id: string; deleted: true }> {
      const row = find(caller, publicId)
      refuseEnvironment(row)
      await queue.write((transaction) => removeIn(transaction, caller, row))
      quota.forget(row.id)
      reload(row.id)
      return { id: publicId, deleted: true }
    },

    test: (caller: LiveCaller, publicId: string, recipient?: string) =>
      test(caller, find(caller, publicId), recipient),

    testDraft: (caller: LiveCaller, { relay_id: known, ...draft }: RelayDraft) =>
      testDraft(caller, draft, known === undefined ? null : find(caller, known)),

    makeDkimKey,

    /** Sends a test message; answers an id for it. */
    async sendTest(caller: LiveCaller, publicId: string, recipient: string): Promise<string> {
      await test(caller, find(caller, publicId), recipient)
      return timeId('del', clock.now())
    },

    async testFirst(caller: LiveCaller) {
      const [row] = usable(caller.tenantId)
      if (!row) throw noRelay()
      if (isShownTo(caller, row)) return test(caller, row, undefined)
      return test(caller, row, undefined).catch((error) => {
        if (!(error instanceof Fault)) throw error
        throw new Fault(error.code, 'The relay of the installation could not be used.')
      })
    },

    /** The relay that a sender names (`3` or `relay_3`) of those it may use, and its sender. */
    chosen(caller: Caller, reference: string): { id: number; from: string | null } {
      const row = usable(caller.tenantId).find(
        ({ id }) => reference === String(id) || reference === relayId(id),
      )
      if (row) return { id: row.id, from: row.from_email }
      throw new Fault('smtp_not_found', `There is no SMTP configuration ${reference.slice(0, 64)}.`)
    },

    /** In the order they are tried; one that the sender chose comes first. */
    targets: (tenantId: string | null, chosenId: number | null): RelayTarget[] =>
      ordered({ tenantId, chosenId }).map(store.toTarget),
    slots,
    ...admission,
    /** Connects without mail to a relay that is failing, to see whether it answers again. */
    async check(id: number): Promise<void> {
      const slot = slots.enter(id)
      if (!slot) return
      const trouble = await upstream.check(store.toTarget(store.byId(id)), slot.notes)
      slot.leave(trouble ? { type: 'trouble', trouble } : { type: 'checked' })
      await health.noteOutcome(id, trouble?.reply ?? null)
    },
    onConnectionChange(listener: () => void): void {
      connectionChanged = listener
    },
    hasAny: (tenantId: string | null): boolean => usable(tenantId).length > 0,
    /** When there will be room again, if no relay has any left today; null: one has. */
    fullUntil(tenantId: string | null): number | null {
      const all = usable(tenantId)
      const isFull = all.length > 0 && all.every((row) => quota.room(row) === 0)
      return isFull ? quota.nextMidnight() : null
    },
    /** Room in today's limit for as many of `wanted` recipients as there is. */
    take(id: number, wanted: number) {
      const row = store.find(id)
      // Removed while the message was on its way: nobody's limit is touched.
      return row ? quota.take(row, wanted) : { taken: 0, settle: () => undefined }
    },
    nextMidnight: quota.nextMidnight,
    onChange: store.onChange,
    /** What a tenant's mail, or ours, leaves through, and what is wrong with it. */
    state(tenantId: string | null) {
      const all = usable(tenantId)
      const waiting = admission.waitingByRelay(
        all.map(({ id }) => id),
        tenantId ?? undefined,
      )
      return {
        configured: all.length,
        unreachable: all
          .map((row) => ({ row, relay: wireWith(row, waiting) }))
          .filter(({ relay }) => relay.failures > 0 || isInTrouble(relay.connection))
          // Where the installation's relay is, and what it said, is not for a tenant.
          .map(({ row, relay: { id, name, last_error, connection } }) =>
            row.tenant_id === tenantId
              ? { id, name, last_error, connection }
              : { id, name: installationRelay, last_error: null, connection },
          ),
      }
    },
    /** The counts of today; inside the transaction that settles what was sent. */
    saveCount: (id: number): void => void store.saveDay(id, quota.today(), quota.sentToday(id)),
    defaultSender: (tenantId: string | null): string | null =>
      usable(tenantId).find((row) => row.from_email !== null)?.from_email ?? null,
    /** The relay that answered and its reply, as a caller or tenant may see them. */
    shownTo(viewer: Viewer, id: number | null, reply: string | null): ShownReply {
      return id === null ? { relay: null, reply } : showReply(viewer, store.find(id), reply)
    },
    noteOutcome: health.noteOutcome,

    health(): 'connected' | 'not_configured' | 'unreachable' {
      const own = usable(null)
      if (own.length === 0) return 'not_configured'
      return own.every((row) => wire(row).failures > 0) ? 'unreachable' : 'connected'
    },

    /** The relay of a tenant's `smtp`, for the domain of tenants: each inside its transaction. */
    override: {
      get: (id: number | null): Relay | null => {
        const row = store.find(id)
        return row ? wire(row) : null
      },
      /** Changes the relay `known`, or makes it; answers its id. */
      put(
        transaction: Transaction,
        by: LiveCaller,
        tenantId: string,
        known: number | null,
        input: RelayOverride,
      ) {
        requirePermission(by, 'relays:write')
        const row = store.find(known)
        if (row) store.update(row, input)
        const { password = null } = input
        const made = row ?? store.insert({ ...input, password }, 'created', tenantId)
        note(transaction, row ? 'relay.updated' : 'relay.created', made, by)
        return made.id
      },
      remove(transaction: Transaction, by: LiveCaller, id: number): void {
        requirePermission(by, 'relays:write')
        const row = store.find(id)
        if (row) removeIn(transaction, by, row)
      },
      /** All relays of a tenant that is deleted; answers their ids. */
      removeAllOf(transaction: Transaction, by: LiveCaller, tenantId: string): number[] {
        const own = store.all().filter(({ tenant_id }) => tenant_id === tenantId)
        for (const row of own) removeIn(transaction, by, row)
        return own.map(({ id }) => id)
      },
      reload,
    },

    /** `SMTP_HOST` and its friends make the default relay; without them it goes. */
    async bootstrap(fromEnvironment: NewRelay | null): Promise<void> {
      await queue.write(() => {
        const known = store.all().find((row) => row.source === 'environment')
        if (known && !fromEnvironment) store.remove(known.id)
        if (!fromEnvironment) return
        if (!known) store.insert(fromEnvironment, 'environment', null)
        else store.update(known, fromEnvironment)
      })
      store.refresh()
    },
  }
}

const unknownHealth = { failures: 0, last_error: null, last_used_at: null, verified_at: null }
const unknownConnection = {
  state: 'untried',
  since: null,
  step: null,
  next_try_at: null,
  waiting: 0,
} as const

const withoutHealth = (row: RelayRow): Relay =>
  toWire({ ...row, ...unknownHealth }, 0, null, unknownConnection)

const isInTrouble = ({ state }: Relay['connection']): boolean =>
  state !== 'untried' && state !== 'answers'

export function noRelay(): Fault {
  return new Fault(
    'relay_not_configured',
    'No SMTP relay is configured, so a live message cannot leave. Add a relay (Settings → Relays, or SMTP_HOST), or use a test key to capture it.',
  )
}
