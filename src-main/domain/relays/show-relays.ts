import type { Relay } from '../../contract/relays.ts'
import type { Caller } from '../auth/caller.ts'
import type { RelayAdmission } from './admission.ts'
import type { RelayChoice } from './choose-relays.ts'
import type { RelayQuota } from './quota.ts'
import { type RelayRow, toWire } from './rows.ts'
import { installationRelay } from './shown-to.ts'
import type { RelaySlots } from './slots.ts'
import type { RelayStore } from './store.ts'

export type RelayViews = ReturnType<typeof createRelayViews>

type ViewDeps = {
  readonly store: RelayStore
  readonly choice: RelayChoice
  readonly admission: RelayAdmission
  readonly quota: RelayQuota
  readonly slots: RelaySlots
}

/** Relays on the wire, with their health, connection and waiting mail. */
export function createRelayViews({ store, choice, admission, quota, slots }: ViewDeps) {
  const show = (row: RelayRow, waiting: ReadonlyMap<number, number>): Relay =>
    toWire(row, quota.sentToday(row.id), store.secretProblem(row), {
      ...slots.read(row.id),
      waiting: waiting.get(row.id) ?? 0,
    })

  const one = (row: RelayRow): Relay => show(row, admission.waitingByRelay([row.id]))

  return {
    one,

    /** A test key sees no figures of live mail. */
    oneFor: (caller: Caller, row: RelayRow): Relay =>
      caller.mode === 'live' ? one(row) : withoutHealth(row),

    allFor(caller: Caller, rows: readonly RelayRow[]): Relay[] {
      if (caller.mode === 'test') return rows.map(withoutHealth)
      const waiting = admission.waitingByRelay(rows.map(({ id }) => id))
      return rows.map((row) => show(row, waiting))
    },

    /** The number of relays for a tenant's mail, and those in trouble. */
    state(tenantId: string | null) {
      const rows = choice.usable(tenantId)
      const ids = rows.map(({ id }) => id)
      const waiting = admission.waitingByRelay(ids, tenantId ?? undefined)
      return {
        configured: rows.length,
        unreachable: rows
          .map((row) => ({ row, relay: show(row, waiting) }))
          .filter(({ relay }) => relay.failures > 0 || isInTrouble(relay.connection))
          .map(({ row, relay: { id, name, last_error, connection } }) =>
            row.tenant_id === tenantId
              ? { id, name, last_error, connection }
              : { id, name: installationRelay, last_error: null, connection },
          ),
      }
    },

    health(): 'connected' | 'not_configured' | 'unreachable' {
      const own = choice.usable(null)
      if (own.length === 0) return 'not_configured'
      return own.every((row) => one(row).failures > 0) ? 'unreachable' : 'connected'
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
