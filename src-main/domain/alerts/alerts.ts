import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Alert, AlertQuery, AlertRule, AlertRulesChange } from '../../contract/alerts.ts'
import { Fault } from '../../contract/faults.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import { type Caller, isOfTenant, type LiveCaller, requireInstallation } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { Limits } from '../limits/limits.ts'
import type { StorageWatch } from '../maintenance/storage-watch.ts'
import type { Relays } from '../relays/relays.ts'
import type { ProvenClock } from '../settings/proven-time.ts'
import { startAlertEvaluation } from './evaluation.ts'
import { createAlertFigures } from './figures.ts'
import { listAlerts } from './list-alerts.ts'
import { createRuleSettings } from './rule-settings.ts'
import { type AlertRow, createAlertStore, toAlert } from './store.ts'

export type Alerts = ReturnType<typeof createAlerts>

type AlertDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly keys: Keys
  readonly limits: Limits
  readonly deliveries: Deliveries
  readonly relays: Relays
  readonly storage: StorageWatch
  readonly clock: Clock
  readonly provenClock: ProvenClock
  readonly log: Log
}

/** Alerts and their rules. An alert is raised once and cleared when it is over. */
export function createAlerts(deps: AlertDeps) {
  const { database, queue, reader, keys, clock } = deps
  const store = createAlertStore(database)
  const settings = createRuleSettings(database, queue)
  const figures = createAlertFigures(deps)
  const evaluation = startAlertEvaluation({ ...deps, store, settings, figures })
  deps.storage.onChange(evaluation.wake)

  /** A test key sees alerts about test keys only: all others concern live mail. */
  function isVisible(caller: Caller, { tenant_id: tenantId, subject }: AlertRow): boolean {
    if (!isOfTenant(caller, tenantId)) return false
    const keyId = caller.mode === 'test' ? keys.idOf(subject) : null
    return caller.mode === 'live' || (keyId !== null && keys.modeOf(keyId) === 'test')
  }

  function find(caller: Caller, publicId: string): AlertRow {
    const row = store.byPublicId(publicId)
    if (row && isVisible(caller, row)) return row
    throw new Fault('not_found', `There is no alert ${publicId}.`)
  }

  function countOpen(severity: Alert['severity']): number {
    return evaluation.open().filter((row) => row.severity === severity).length
  }

  return {
    ingest: evaluation.ingest,

    async list(caller: Caller, query: AlertQuery) {
      const rows = await listAlerts({ reader, store }, caller, query)
      return {
        data: rows.slice(0, query.limit).map(toAlert),
        open: evaluation.open().filter((row) => isVisible(caller, row)).length,
        has_more: rows.length > query.limit,
      }
    },

    get: (caller: Caller, publicId: string): Alert => toAlert(find(caller, publicId)),

    /** Keeps the first acknowledgement. */
    async acknowledge(caller: Caller, publicId: string): Promise<Alert> {
      find(caller, publicId)
      await queue.write((transaction) => {
        const row = find(caller, publicId)
        if (row.acknowledged_at !== null) return
        store.setAcknowledged(row.id, clock.now(), caller.publicId)
        transaction.append({
          type: 'alert.acknowledged',
          tenantId: row.tenant_id,
          data: { alert: publicId, by: caller.publicId },
        })
      })
      return toAlert(find(caller, publicId))
    },

    rules(caller: Caller): AlertRule[] {
      requireInstallation(caller, 'see the alert rules')
      return settings.list()
    },

    async changeRules(caller: LiveCaller, change: AlertRulesChange): Promise<AlertRule[]> {
      if (caller.tenantId !== null) {
        throw new Fault(
          'insufficient_permissions',
          'The alert rules apply to all tenants, and this key belongs to one. Use a key without a tenant.',
        )
      }
      await settings.change(caller, change)
      evaluation.wake()
      return settings.list()
    },

    openCounts: () => ({ warning: countOpen('warning'), critical: countOpen('critical') }),

    idle: evaluation.idle,
    close: evaluation.close,
  }
}
