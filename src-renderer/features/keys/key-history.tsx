import type { Alert } from '../../../src-main/contract/alerts.ts'
import type { Key } from '../../../src-main/contract/keys.ts'
import type { LogEntry } from '../../../src-main/contract/logs.ts'
import { routeHash } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { formatDistance, formatExact } from '../../ui/format.ts'
import { DrawerSection, LoadedList } from './drawer-section.tsx'
import { useKeyDetail } from './key-detail-store.ts'
import { useKeys } from './keys-store.ts'
import { keysLabels } from './labels.ts'

/** Recent refusals, alerts and changes of a key. */
export function KeyHistory({ apiKey: { mode } }: { apiKey: Key }) {
  const { refusals, audit, alerts } = useKeyDetail()
  return (
    <>
      <DrawerSection title={keysLabels.history.refused}>
        <LoadedList load={refusals} empty={keysLabels.history.noRefusals}>
          {(rows) => (
            <ul className="space-y-2 text-sm">
              {rows.map((entry) => (
                <Refusal key={entry.id} entry={entry} />
              ))}
            </ul>
          )}
        </LoadedList>
      </DrawerSection>
      <DrawerSection title={keysLabels.history.alerts}>
        <LoadedList load={alerts} empty={keysLabels.history.noAlerts(mode)}>
          {(rows) => (
            <ul className="space-y-2 text-sm">
              {rows.map((alert) => (
                <AlertLine key={alert.id} alert={alert} />
              ))}
            </ul>
          )}
        </LoadedList>
      </DrawerSection>
      <DrawerSection title={keysLabels.history.changes}>
        <LoadedList load={audit} empty={keysLabels.history.noChanges}>
          {(rows) => (
            <ol className="space-y-1.5 text-sm">
              {rows.map((entry) => (
                <Change key={entry.id} entry={entry} />
              ))}
            </ol>
          )}
        </LoadedList>
      </DrawerSection>
    </>
  )
}

function Refusal({ entry: { id, route, status, fault, timestamp } }: { entry: LogEntry }) {
  return (
    <li>
      <a href={routeHash('logs', String(id))} className="group block rounded-sm">
        <span className="flex items-baseline gap-2">
          <span className="figures font-medium text-danger-ink">{status}</span>
          <code className="min-w-0 flex-1 truncate group-hover:underline" title={route ?? ''}>
            {route}
          </code>
          <When at={timestamp} />
        </span>
        <code className="block truncate text-ink-muted text-xs">{fault}</code>
      </a>
    </li>
  )
}

function AlertLine({ alert: { severity, state, message, raised_at } }: { alert: Alert }) {
  const tone = state === 'cleared' ? 'neutral' : severity === 'critical' ? 'danger' : 'warn'
  return (
    <li>
      <span className="flex items-center gap-2">
        <Badge tone={tone}>
          {state === 'cleared' ? keysLabels.history.cleared : keysLabels.history.open}
        </Badge>
        <span className="flex-1" />
        <When at={raised_at} />
      </span>
      <p className="mt-0.5 text-ink-muted">{message}</p>
    </li>
  )
}

function Change({ entry: { event, timestamp, by, data } }: { entry: LogEntry }) {
  const keys = useKeys((state) => state.keys)
  const author = keys.status === 'ready' && keys.value.find(({ id }) => id === by)
  const changed = Array.isArray(data.changed)
    ? data.changed.map((field) => keysLabels.history.fields[field] ?? field)
    : []
  return (
    <li className="flex items-baseline gap-2">
      <span className="min-w-0 flex-1 truncate" title={changed.join(', ')}>
        {keysLabels.history.events[event] ?? event}
        {changed.length > 0 && <span className="text-ink-muted">: {changed.join(', ')}</span>}
        <span className="text-ink-faint">{keysLabels.history.by(author ? author.name : by)}</span>
      </span>
      <When at={timestamp} />
    </li>
  )
}

function When({ at }: { at: string }) {
  return (
    <time dateTime={at} title={formatExact(at)} className="shrink-0 text-ink-faint">
      {formatDistance(at)}
    </time>
  )
}
