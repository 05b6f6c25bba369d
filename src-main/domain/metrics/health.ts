import type { Health } from '../../contract/settings.ts'
import type { StorageProblem } from '../../contract/storage.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { StorageWatch } from '../maintenance/storage-watch.ts'
import type { Relays } from '../relays/relays.ts'
import type { SettingsStore } from '../settings/settings.ts'

type HealthDeps = {
  readonly storage: StorageWatch
  readonly relays: Relays
  readonly deliveries: Deliveries
  readonly version: string
  readonly settings: SettingsStore
}

const databaseStates = {
  storage_busy: 'busy',
  storage_damaged: 'damaged',
  storage_unavailable: 'unavailable',
  storage_full: 'full',
  secrets_unreadable: 'connected',
} as const satisfies Record<StorageProblem['code'], Health['database']>

/** The status of the server. The route is public, so the answer contains no path. */
export function createHealth({ storage, relays, deliveries, version, settings }: HealthDeps) {
  function queueDepth(): number {
    try {
      return deliveries.depth()
    } catch (error) {
      if (storage.explain(error)) return 0
      throw error
    }
  }

  return (): Health => {
    const depth = queueDepth()
    const [problem] = storage.problems()
    const database = problem ? databaseStates[problem.code] : 'connected'
    return {
      status: database !== 'connected' ? 'failing' : problem ? 'degraded' : 'ok',
      reason: problem?.code ?? null,
      version,
      database,
      smtp: relays.health(),
      queue_depth: depth,
      smtp_port: settings.read().smtp_port,
    }
  }
}
