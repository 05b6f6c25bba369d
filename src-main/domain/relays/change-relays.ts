import type { EventType } from '../../contract/events.ts'
import { Fault } from '../../contract/faults.ts'
import type { NewRelay, Relay, RelayChange } from '../../contract/relays.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { LiveCaller } from '../auth/caller.ts'
import type { RelayChoice } from './choose-relays.ts'
import { prioritiesFor } from './order.ts'
import type { RelayQuota } from './quota.ts'
import { type RelayRow, relayId } from './rows.ts'
import type { RelayViews } from './show-relays.ts'
import type { RelayStore } from './store.ts'

export type RelayContext = {
  readonly store: RelayStore
  readonly queue: CommitQueue
  readonly quota: RelayQuota
  readonly choice: RelayChoice
  readonly views: RelayViews
  /** Forgets the state and the connections of a changed relay. */
  readonly reload: (id: number) => void
}

export async function createRelay(
  { store, queue, views, reload }: RelayContext,
  caller: LiveCaller,
  input: NewRelay,
): Promise<Relay> {
  const made = await queue.write((transaction) => {
    const row = store.insert(input, 'created', caller.tenantId)
    appendChange(transaction, 'relay.created', row, caller)
    return row
  })
  reload(made.id)
  return views.one(store.byId(made.id))
}

export function updateRelay(
  context: RelayContext,
  caller: LiveCaller,
  publicId: string,
  change: RelayChange,
): Promise<Relay> {
  const row = context.choice.find(caller, publicId)
  const isDefaultOnly = change.is_default === true && Object.keys(change).length === 1
  if (!isDefaultOnly) refuseEnvironment(row)
  return saveChange(context, caller, row, change)
}

/** Also for the environment's relay: it stays as it is, and is tried first. */
export function setDefaultRelay(
  context: RelayContext,
  caller: LiveCaller,
  publicId: string,
): Promise<Relay> {
  return saveChange(context, caller, context.choice.find(caller, publicId), { is_default: true })
}

async function saveChange(
  { store, queue, views, reload }: RelayContext,
  caller: LiveCaller,
  row: RelayRow,
  change: RelayChange,
): Promise<Relay> {
  await queue.write((transaction) => {
    store.update(row, change)
    appendChange(transaction, 'relay.updated', row, caller)
  })
  reload(row.id)
  return views.one(store.byId(row.id))
}

/** The first relay of the order becomes the default if there is one: a default is tried first. */
export async function reorderRelays(
  { store, queue, choice }: RelayContext,
  caller: LiveCaller,
  ids: readonly string[],
): Promise<void> {
  const own = choice.ownedBy(caller.tenantId)
  const priorities = prioritiesFor(own, ids)
  const [first] = priorities.keys()
  const hasDefault = own.some(({ is_default }) => is_default === 1)
  await queue.write((transaction) => {
    for (const row of own) {
      const priority = priorities.get(row.id) ?? row.priority
      store.setPriority(row.id, priority)
      if (row.priority !== priorities.get(row.id)) {
        appendChange(transaction, 'relay.updated', row, caller)
      }
    }
    if (hasDefault && first !== undefined) store.makeDefault(first, caller.tenantId)
  })
  store.refresh()
}

export async function removeRelay(
  context: RelayContext,
  caller: LiveCaller,
  publicId: string,
): Promise<{ id: string; deleted: true }> {
  const row = context.choice.find(caller, publicId)
  refuseEnvironment(row)
  await context.queue.write((transaction) => removeIn(context.store, transaction, caller, row))
  context.quota.forget(row.id)
  context.reload(row.id)
  return { id: publicId, deleted: true }
}

export function removeIn(
  store: RelayStore,
  transaction: Transaction,
  by: LiveCaller,
  row: RelayRow,
): void {
  store.remove(row.id)
  appendChange(transaction, 'relay.deleted', row, by)
}

/** `SMTP_HOST` and the settings beside it make the default relay; without them it is removed. */
export async function applyEnvironmentRelay(
  { store, queue }: RelayContext,
  wanted: NewRelay | null,
): Promise<void> {
  await queue.write(() => {
    const known = store.all().find((row) => row.source === 'environment')
    if (known && !wanted) store.remove(known.id)
    if (!wanted) return
    if (known) store.update(known, wanted)
    else store.insert(wanted, 'environment', null)
  })
  store.refresh()
}

export function appendChange(
  transaction: Transaction,
  type: EventType,
  row: { readonly id: number; readonly tenant_id: string | null },
  by: LiveCaller,
): void {
  const data = { relay: relayId(row.id), by: by.publicId }
  transaction.append({ type, tenantId: row.tenant_id, data })
}

function refuseEnvironment(row: RelayRow): void {
  if (row.source !== 'environment') return
  throw new Fault(
    'conflict',
    'This relay comes from SMTP_HOST in the environment. Change it there and restart.',
  )
}
