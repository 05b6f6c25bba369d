import type { Clock } from '../../base/clock.ts'
import { timeId } from '../../base/ids.ts'
import type { Log } from '../../base/log.ts'
import { startLoop } from '../../base/loop.ts'
import type { Alert, RuleSettings } from '../../contract/alerts.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { StoredEvent } from '../../storage/event-log.ts'
import type { Keys } from '../auth/keys.ts'
import type { ProvenClock } from '../settings/proven-time.ts'
import type { AlertFigureReader } from './figures.ts'
import type { Finding } from './findings.ts'
import { createKeyActivity, type KeyActivity, type Signal } from './key-activity.ts'
import { evaluateOneOff, openForMs } from './one-offs.ts'
import type { AlertRuleSettings } from './rule-settings.ts'
import { evaluate } from './rules.ts'
import type { AlertRow, AlertStore } from './store.ts'

const evaluateEveryMs = 60_000
/** A value that varies around its limit must not open and clear an alert again and again. */
const clearAfterMs = 5 * 60_000

type EvaluationDeps = {
  readonly database: Database
  readonly store: AlertStore
  readonly settings: AlertRuleSettings
  readonly figures: AlertFigureReader
  readonly keys: Keys
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly provenClock: ProvenClock
  readonly log: Log
}

type EvaluationContext = EvaluationDeps & {
  readonly activity: KeyActivity
  /** The monotonic time since when the rule of an open alert no longer finds anything. */
  readonly quietSince: Map<number, number>
  open: readonly AlertRow[]
}

/** The loop that evaluates the rules: it raises, worsens and clears alerts. */
export function startAlertEvaluation(deps: EvaluationDeps) {
  const { database, clock, log } = deps
  const activity = createKeyActivity(database)
  const context: EvaluationContext = {
    ...deps,
    activity,
    quietSince: new Map(),
    open: deps.store.open(),
  }

  const loop = startLoop({
    name: 'alerts',
    clock,
    log,
    run: () => run(context),
    settleMs: 200,
  })
  loop.wake()

  return {
    /** Takes a page of the event log. */
    ingest(events: readonly StoredEvent[]): void {
      if (activity.ingest(events)) loop.wake()
    },

    open: (): readonly AlertRow[] => context.open,
    wake: loop.wake,
    idle: loop.idle,
    close: loop.close,
  }
}

async function run(context: EvaluationContext): Promise<number> {
  const { settings, activity, queue, store } = context
  const rules = settings.current()
  const signals = activity.take()
  try {
    const findings = await findAll(context, rules, signals)
    await queue.write((transaction) => {
      activity.save()
      apply(context, transaction, rules, findings)
    })
  } catch (error) {
    activity.putBack(signals)
    throw error
  }
  context.open = store.open()
  return evaluateEveryMs
}

async function findAll(
  { figures }: EvaluationContext,
  rules: RuleSettings,
  signals: readonly Signal[],
): Promise<Finding[]> {
  const now = await figures.read(rules)
  const byKey = new Map(now.keys.map((key) => [key.keyId, key]))
  const oneOffs = signals.flatMap((signal) => {
    const key = byKey.get(signal.keyId)
    const finding = key ? evaluateOneOff(rules, { ...signal, key }) : null
    return finding ? [finding] : []
  })
  return [...evaluate(rules, now), ...oneOffs]
}

function apply(
  context: EvaluationContext,
  transaction: Transaction,
  rules: RuleSettings,
  findings: readonly Finding[],
): void {
  const { store, quietSince } = context
  const known = new Map(store.open().map((row) => [alertId(row), row]))
  for (const finding of findings) raise(context, transaction, finding, known.get(alertId(finding)))
  const found = new Set(findings.map(alertId))
  for (const row of known.values()) {
    if (found.has(alertId(row))) quietSince.delete(row.id)
    else if (isOver(context, rules, row)) clear(context, transaction, row)
  }
}

function raise(
  { clock, store }: EvaluationContext,
  transaction: Transaction,
  finding: Finding,
  known: AlertRow | undefined,
): void {
  if (!known) {
    const publicId = timeId('alert', clock.now())
    store.insert(publicId, finding, clock.now())
    emit(transaction, 'open', publicId, finding)
    return
  }
  if (finding.severity === known.severity || finding.severity === 'warning') return
  store.setWorse(known.id, finding)
  emit(transaction, 'open', known.public_id, finding)
}

function isOver(
  { clock, quietSince }: EvaluationContext,
  rules: RuleSettings,
  row: AlertRow,
): boolean {
  if (!rules[row.rule].enabled) return true
  const lastsMs = openForMs(rules, row.rule)
  // The absolute value: a clock that was far ahead must not keep the alert open until then.
  if (lastsMs !== null) return Math.abs(clock.now() - row.raised_at) >= lastsMs
  const now = clock.elapsed()
  const since = quietSince.get(row.id) ?? now
  quietSince.set(row.id, since)
  return now - since >= clearAfterMs
}

function clear(
  { store, provenClock, quietSince, keys }: EvaluationContext,
  transaction: Transaction,
  row: AlertRow,
): void {
  store.setCleared(row.id, provenClock.stamp())
  quietSince.delete(row.id)
  emit(transaction, 'cleared', row.public_id, {
    ...row,
    subjectName: row.subject_name,
    keyId: keys.idOf(row.subject),
    tenantId: row.tenant_id,
    figures: JSON.parse(row.figures) as Finding['figures'],
  })
}

const alertId = ({ rule, about }: { readonly rule: string; readonly about: string }): string =>
  `${rule} ${about}`

function emit(
  transaction: Transaction,
  state: Alert['state'],
  publicId: string,
  finding: Omit<Finding, 'about'>,
): void {
  transaction.append({
    type: 'alert',
    keyId: finding.keyId,
    tenantId: finding.tenantId,
    data: {
      alert: publicId,
      state,
      rule: finding.rule,
      severity: finding.severity,
      subject: finding.subject,
      subject_name: finding.subjectName,
      figures: finding.figures,
      message: state === 'open' ? finding.message : `Resolved: ${finding.message}`,
    },
  })
}
