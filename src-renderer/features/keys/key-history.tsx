import type { Alert } from '../../../src-main/contract/alerts.ts'
import type { Key } from '../../../src-main/contract/keys.ts'
import type { LogEntry } from '../../../src-main/contract/logs.ts'
import { routeHash } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { formatDistance, formatExact } from '../../ui/format.ts'
import { DrawerSection, LoadedList } from './drawer-section.tsx'
import { useKeyDetail } from './key-detail-store.ts'
import { useKeys } from './keys-store.ts'

/** What went wrong with a key, who changed it, and what it set off. */
export function KeyHistory({ apiKey: { mode } }: { apiKey: Key }) {
  const { refusals, audit, alerts } = useKeyDetail()
  return (
    <>
      <DrawerSection title="Refused lately">
        <LoadedList load={refusals} empty="Nothing was refused in the last seven days.">
          {(rows) => (
            <ul className="space-y-2 text-sm">
              {rows.map((entry) => (
                <Refusal key={entry.id} entry={entry} />
              ))}
            </ul>
          )}
        </LoadedList>
      </DrawerSection>
      <DrawerSection title="Alerts">
        <LoadedList
          load={alerts}
          empty={
            mode === 'live' ? 'Nothing unusual.' : 'Nothing unusual; test keys are watched too.'
          }
        >
          {(rows) => (
            <ul className="space-y-2 text-sm">
              {rows.map((alert) => (
                <AlertLine key={alert.id} alert={alert} />
              ))}
            </ul>
          )}
        </LoadedList>
      </DrawerSection>
      <DrawerSection title="Changes">
        <LoadedList load={audit} empty="No changes on record.">
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
        <Badge tone={tone}>{state === 'cleared' ? 'Cleared' : 'Open'}</Badge>
        <span className="flex-1" />
        <When at={raised_at} />
      </span>
      <p className="mt-0.5 text-ink-muted">{message}</p>
    </li>
  )
}

const deeds: Readonly<Record<string, string>> = {
  'key.created': 'Created',
  'key.updated': 'Changed',
  'key.rotated': 'Rotated',
  'key.revoked': 'Revoked',
}

const fields: Readonly<Record<string, string>> = {
  rate_limit: 'limits',
  allowed_senders: 'senders',
  allowed_ips: 'addresses',
  enabled: 'switched on or off',
}

function Change({ entry: { event, timestamp, by, data } }: { entry: LogEntry }) {
  const keys = useKeys((state) => state.keys)
  const author = keys.status === 'ready' && keys.value.find(({ id }) => id === by)
  const changed = Array.isArray(data.changed)
    ? data.changed.map((field) => fields[field] ?? field)
    : []
  return (
    <li className="flex items-baseline gap-2">
      <span className="min-w-0 flex-1 truncate" title={changed.join(', ')}>
        {deeds[event] ?? event}
        {changed.length > 0 && <span className="text-ink-muted">: {changed.join(', ')}</span>}
        <span className="text-ink-faint">
          {' '}
          by {author ? author.name : by === 'key_console' ? 'the console' : by}
        </span>
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
