import { type Clock, iso, isoOrNull } from '../../base/clock.ts'
import { timeId } from '../../base/ids.ts'
import type { Log } from '../../base/log.ts'
import { startLoop } from '../../base/loop.ts'
import {
  type Alert,
  type AlertQuery,
  type AlertRule,
  type AlertRuleName,
  type AlertRulesChange,
  alertRuleNames,
  alertRules,
  type RuleSettings,
  type Severity,
} from '../../contract/alerts.ts'
import { Fault } from '../../contract/faults.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { StoredEvent } from '../../storage/event-log.ts'
import type { Reader } from '../../storage/reader.ts'
import { type Caller, isOfTenant, type LiveCaller, requireInstallation } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { Limits } from '../limits/limits.ts'
import type { StorageWatch } from '../maintenance/storage-watch.ts'
import type { Relays } from '../relays/relays.ts'
import type { ProvenClock } from '../settings/proven-time.ts'
import { createAlertFigures } from './figures.ts'
import { createKeyActivity } from './key-activity.ts'
import { evaluate, evaluateOneOff, type Finding, openForMs, type WatchedKey } from './rules.ts'

export type Alerts = ReturnType<typeof createAlerts>

type AlertRow = {
  readonly id: number
  readonly public_id: string
  readonly rule: AlertRuleName
  readonly severity: Severity
  readonly about: string
  readonly subject: string
  readonly subject_name: string
  readonly tenant_id: string | null
  readonly figures: string
  readonly message: string
  readonly raised_at: number
  readonly cleared_at: number | null
  readonly acknowledged_at: number | null
  readonly acknowledged_by: string | null
}

const evaluateEveryMs = 60_000
/** A value that varies around its limit must not open and clear an alert again and again. */
const clearAfterMs = 5 * 60_000

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

/** Evaluates the alert rules every minute. An alert is raised once and cleared when it is over. */
export function createAlerts(deps: AlertDeps) {
  const { database, queue, reader, clock, provenClock, log } = deps
  const selectOpen = database.prepare<[], AlertRow>(
    'SELECT * FROM alerts WHERE cleared_at IS NULL ORDER BY id',
  )
  const byPublicId = database.prepare<[string], AlertRow>(
    'SELECT * FROM alerts WHERE public_id = ?',
  )
  const insert = database.prepare(`
    INSERT INTO alerts (
      public_id, rule, severity, about, subject, subject_name, tenant_id, figures, message, raised_at
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  `)
  const setWorse = database.prepare<[Severity, string, string, number]>(`
    UPDATE alerts SET severity = ?, figures = ?, message = ?, acknowledged_at = NULL,
      acknowledged_by = NULL
    WHERE id = ?
  `)
  const setCleared = database.prepare<[number, number]>(
    'UPDATE alerts SET cleared_at = ? WHERE id = ?',
  )
  const setAcknowledged = database.prepare<[number, string, number]>(
    'UPDATE alerts SET acknowledged_at = ?, acknowledged_by = ? WHERE id = ?',
  )
  const selectRules = database.prepare<[], { rule: AlertRuleName; settings: string }>(
    'SELECT rule, settings FROM alert_rules',
  )
  const saveRule = database.prepare<[string, string]>(`
    INSERT INTO alert_rules (rule, settings) VALUES (?, ?)
    ON CONFLICT (rule) DO UPDATE SET settings = excluded.settings
  `)
  const dropRule = database.prepare<[string]>('DELETE FROM alert_rules WHERE rule = ?')

  const activity = createKeyActivity(database)
  const figures = createAlertFigures(deps)
  /** The monotonic time since when the rule of an open alert no longer finds anything. */
  const quietSince = new Map<number, number>()
  let changed = new Map(
    selectRules.all().map(({ rule, settings }) => [rule, JSON.parse(settings) as object]),
  )
  let rules = rulesWith(changed)
  let open = selectOpen.all()

  const loop = startLoop({ name: 'alerts', clock, log, run, settleMs: 200 })
  deps.storage.onChange(loop.wake)
  loop.wake()

  async function run(): Promise<number> {
    const evaluated = rules
    const now = await figures.read(evaluated)
    const byKey = new Map(now.keys.map((key) => [key.keyId, key]))
    const signals = activity.take()
    const oneOffs = signals.flatMap((signal) => {
      const key: WatchedKey | undefined = byKey.get(signal.keyId)
      const finding = key ? evaluateOneOff(evaluated, { ...signal, key }) : null
      return finding ? [finding] : []
    })
    const findings = [...evaluate(evaluated, now), ...oneOffs]
    const write = queue.write((transaction) => {
      activity.save()
      const known = new Map(selectOpen.all().map((row) => [nameOf(row), row]))
      for (const finding of findings) raise(transaction, finding, known)
      const holding = new Set(findings.map(nameOf))
      for (const row of known.values()) {
        if (holding.has(nameOf(row))) quietSince.delete(row.id)
        else if (isOver(evaluated, row)) clear(transaction, row)
      }
    })
    await write.catch((error) => {
      activity.putBack(signals)
      throw error
    })
    open = selectOpen.all()
    return evaluateEveryMs
  }

  function raise(
    transaction: Transaction,
    finding: Finding,
    known: ReadonlyMap<string, AlertRow>,
  ): void {
    const { rule, severity, about, subject, subjectName, tenantId, message } = finding
    const row = known.get(nameOf(finding))
    const written = JSON.stringify(finding.figures)
    if (!row) {
      const publicId = timeId('alert', clock.now())
      insert.run(
        publicId,
        rule,
        severity,
        about,
        subject,
        subjectName,
        tenantId,
        written,
        message,
        clock.now(),
      )
      emit(transaction, 'open', publicId, finding, finding.keyId)
      return
    }
    if (severity === row.severity || severity === 'warning') return
    setWorse.run(severity, written, message, row.id)
    emit(transaction, 'open', row.public_id, finding, finding.keyId)
  }

  function isOver(evaluated: RuleSettings, row: AlertRow): boolean {
    if (!evaluated[row.rule].enabled) return true
    const lastsMs = openForMs(evaluated, row.rule)
    // The absolute value: a clock that was far ahead must not keep the alert open until then.
    if (lastsMs !== null) return Math.abs(clock.now() - row.raised_at) >= lastsMs
    const now = clock.elapsed()
    const since = quietSince.get(row.id) ?? now
    quietSince.set(row.id, since)
    return now - since >= clearAfterMs
  }

  function clear(transaction: Transaction, row: AlertRow): void {
    setCleared.run(provenClock.stamp(), row.id)
    quietSince.delete(row.id)
    emit(
      transaction,
      'cleared',
      row.public_id,
      {
        ...row,
        subjectName: row.subject_name,
        tenantId: row.tenant_id,
        figures: JSON.parse(row.figures) as Finding['figures'],
      },
      deps.keys.idOf(row.subject),
    )
  }

  function emit(
    transaction: Transaction,
    state: Alert['state'],
    publicId: string,
    finding: Omit<Finding, 'keyId' | 'about'>,
    keyId: number | null,
  ): void {
    transaction.append({
      type: 'alert',
      keyId,
      tenantId: finding.tenantId,
      data: {
        alert: publicId,
        state,
        rule: finding.rule,
        severity: finding.severity,
        subject: finding.subject,
        subject_name: finding.subjectName,
        figures: finding.figures,
        message: state === 'open' ? finding.message : `Over: ${finding.message}`,
      },
    })
  }

  /** A test key sees alerts about test keys only: all others concern live mail. */
  function isSeen(caller: Caller, { tenant_id: tenantId, subject }: AlertRow): boolean {
    if (!isOfTenant(caller, tenantId)) return false
    const keyId = caller.mode === 'test' ? deps.keys.idOf(subject) : null
    return caller.mode === 'live' || (keyId !== null && deps.keys.modeOf(keyId) === 'test')
  }

  function find(caller: Caller, publicId: string): AlertRow {
    const row = byPublicId.get(publicId)
    if (row && isSeen(caller, row)) return row
    throw new Fault('not_found', `There is no alert ${publicId}.`)
  }

  function listRules(): AlertRule[] {
    return alertRuleNames.map((rule) => ({
      rule,
      summary: alertRules[rule].summary,
      settings: { ...rules[rule] },
      is_default: !changed.has(rule),
    }))
  }

  return {
    /** Called with each page of the event log. */
    ingest(events: readonly StoredEvent[]): void {
      if (activity.ingest(events)) loop.wake()
    },

    async list(caller: Caller, query: AlertQuery) {
      const conditions: [string, unknown][] = []
      if (caller.tenantId !== null) conditions.push(['tenant_id = ?', caller.tenantId])
      if (caller.mode === 'test') {
        conditions.push(['subject IN (SELECT public_id FROM keys WHERE mode = ?)', caller.mode])
      }
      if (query.rule) conditions.push(['rule = ?', query.rule])
      if (query.severity) conditions.push(['severity = ?', query.severity])
      if (query.before) conditions.push(['id < ?', byPublicId.get(query.before)?.id ?? 0])
      if (query.state) {
        conditions.push(['(cleared_at IS NULL) = ?', Number(query.state === 'open')])
      }
      if (query.acknowledged) {
        conditions.push([
          '(acknowledged_at IS NOT NULL) = ?',
          Number(query.acknowledged === 'true'),
        ])
      }
      const rows = await reader.all<AlertRow>(
        `SELECT * FROM alerts WHERE 1${conditions.map(([sql]) => ` AND ${sql}`).join('')}
         ORDER BY id DESC LIMIT ?`,
        ...conditions.map(([, value]) => value),
        query.limit + 1,
      )
      return {
        data: rows.slice(0, query.limit).map(toWire),
        open: open.filter((row) => isSeen(caller, row)).length,
        has_more: rows.length > query.limit,
      }
    },

    get: (caller: Caller, publicId: string): Alert => toWire(find(caller, publicId)),

    /** Keeps the first acknowledgement. */
    async acknowledge(caller: Caller, publicId: string): Promise<Alert> {
      find(caller, publicId)
      await queue.write((transaction) => {
        const row = find(caller, publicId)
        if (row.acknowledged_at !== null) return
        setAcknowledged.run(clock.now(), caller.publicId, row.id)
        transaction.append({
          type: 'alert.acknowledged',
          tenantId: row.tenant_id,
          data: { alert: publicId, by: caller.publicId },
        })
      })
      return toWire(find(caller, publicId))
    },

    rules(caller: Caller): AlertRule[] {
      requireInstallation(caller, 'see the alert rules')
      return listRules()
    },

    async changeRules(caller: LiveCaller, change: AlertRulesChange): Promise<AlertRule[]> {
      if (caller.tenantId !== null) {
        throw new Fault(
          'insufficient_permissions',
          'The alert rules apply to all tenants, and this key belongs to one. Use a key without a tenant.',
        )
      }
      const next = new Map(changed)
      const named = alertRuleNames.filter((rule) => change[rule] !== undefined)
      for (const rule of named) {
        const wanted = change[rule]
        if (wanted === null) next.delete(rule)
        else next.set(rule, { ...next.get(rule), ...wanted })
      }
      await queue.write((transaction) => {
        for (const rule of named) {
          const settings = next.get(rule)
          if (settings) saveRule.run(rule, JSON.stringify(settings))
          else dropRule.run(rule)
        }
        transaction.append({
          type: 'alert.rules_updated',
          data: { changed: named, by: caller.publicId },
        })
      })
      changed = next
      rules = rulesWith(next)
      loop.wake()
      return listRules()
    },

    openCounts: () => ({
      warning: open.filter(({ severity }) => severity === 'warning').length,
      critical: open.filter(({ severity }) => severity === 'critical').length,
    }),

    idle: loop.idle,
    close: loop.close,
  }
}

const nameOf = ({ rule, about }: { readonly rule: string; readonly about: string }): string =>
  `${rule} ${about}`

function rulesWith(changed: ReadonlyMap<AlertRuleName, object>): RuleSettings {
  return Object.fromEntries(
    alertRuleNames.map((rule) => [rule, { ...alertRules[rule].defaults, ...changed.get(rule) }]),
  ) as RuleSettings
}

function toWire(row: AlertRow): Alert {
  return {
    id: row.public_id,
    rule: row.rule,
    severity: row.severity,
    state: row.cleared_at === null ? 'open' : 'cleared',
    subject: row.subject,
    subject_name: row.subject_name,
    tenant_id: row.tenant_id,
    figures: JSON.parse(row.figures) as Alert['figures'],
    message: row.message,
    raised_at: iso(row.raised_at),
    cleared_at: isoOrNull(row.cleared_at),
    acknowledged_at: isoOrNull(row.acknowledged_at),
    acknowledged_by: row.acknowledged_by,
  }
}
