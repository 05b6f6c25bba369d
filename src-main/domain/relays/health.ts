import type { Clock } from '../../base/clock.ts'
import type { RelayConnection } from '../../contract/relays.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import { healthOf, relayId } from './rows.ts'
import type { RelayStore } from './store.ts'

type HealthDeps = {
  readonly store: RelayStore
  readonly queue: CommitQueue
  readonly clock: Clock
}

/** The health of each relay, by its last outcomes. */
export function createRelayHealth({ store, queue, clock }: HealthDeps) {
  const reported = new Map<number, string>()

  return {
    /** Appends an event whenever the state of a relay's connection changes. */
    async noteState(id: number, state: RelayConnection['state']): Promise<void> {
      const word = state === 'untried' ? 'answers' : state
      if ((reported.get(id) ?? 'answers') === word) return
      reported.set(id, word)
      await queue.write((transaction) => {
        const row = store.find(id)
        if (!row) return
        const { name, failures } = row
        const data = { relay: relayId(id), name, health: healthOf(row), failures, state }
        transaction.append({ type: 'relay.health', tenantId: row.tenant_id, data })
      })
    },

    /** Null: the relay was reached. Unchanged health is saved every few seconds at most. */
    async noteOutcome(id: number, error: string | null): Promise<void> {
      const row = store.find(id)
      if (!row) return
      const isChange = error !== null || row.failures > 0 || row.verified_at === null
      if (!isChange && Math.abs(clock.now() - (row.last_used_at ?? 0)) < 5000) return
      await queue.write((transaction) => {
        // Read again: another attempt may have failed while this one waited for the commit.
        const known = store.find(id)
        if (!known) return
        const next = {
          failures: error === null ? 0 : known.failures + 1,
          verified_at: error === null ? clock.now() : known.verified_at,
        }
        store.setHealth(id, next.failures, next.verified_at, error)
        const [before, after] = [healthOf(known), healthOf(next)]
        const isReported = before !== after && !(before === 'unknown' && after === 'healthy')
        if (isReported) {
          const data = {
            relay: relayId(id),
            name: known.name,
            health: after,
            failures: next.failures,
          }
          transaction.append({ type: 'relay.health', tenantId: known.tenant_id, data })
        }
        store.refresh()
      })
    },
  }
}
