import { CircleAlert, ListFilter } from 'lucide-react'
import type { ReactNode } from 'react'
import type { LogEntry } from '../../../src-main/contract/logs.ts'
import { routeHash } from '../../app/router.ts'
import { IconButton } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy.tsx'
import { formatExact } from '../../ui/format.ts'
import { Note } from '../../ui/notice.tsx'
import { explainFault } from './fault-advice.ts'
import { logsLabels } from './labels.ts'
import type { FilterName } from './log-filters.ts'
import { formatDuration, formatInstant } from './log-format.ts'
import { nameOf } from './log-rows.ts'
import { titleOf } from './log-title.ts'
import { toneClasses, toneOf } from './log-tone.ts'
import { filterLogs } from './logs-store.ts'

/** The reason of a refusal and the action that resolves it. */
export function FaultNote({ fault }: { fault: string }) {
  const { title, advice } = explainFault(fault)
  return (
    <Note tone="warn" icon={CircleAlert}>
      <p className="font-medium">
        {title} <code className="font-normal text-sm">{fault}</code>
      </p>
      <p>{advice}</p>
    </Note>
  )
}

export function EntryFacts({ entry }: { entry: LogEntry }) {
  const { timestamp, type, key_id, key_name, tenant_id, route, address, request_id } = entry
  return (
    <dl className="grid grid-cols-[104px_minmax(0,1fr)] gap-y-0.5 text-sm">
      <Fact name={logsLabels.columns.time}>
        {formatExact(timestamp)}, {formatInstant(timestamp).slice(-3)} ms
      </Fact>
      <Fact name={logsLabels.filterNames.type}>{logsLabels.types[type]}</Fact>
      {key_id !== null && (
        <Fact name={logsLabels.filterNames.key} filter={['key', key_id]}>
          <a href={routeHash('usage', key_id)} className="text-sage-ink hover:underline">
            {key_name ?? key_id}
          </a>
        </Fact>
      )}
      {tenant_id !== null && (
        <Fact name={logsLabels.drawer.tenant}>
          <a href={routeHash('tenants', tenant_id)} className="text-sage-ink hover:underline">
            {tenant_id}
          </a>
        </Fact>
      )}
      {route !== null && (
        <Fact name={logsLabels.filterNames.route} filter={['route', route]}>
          <code>{route}</code>
        </Fact>
      )}
      {entry.duration_ms !== null && (
        <Fact name={logsLabels.columns.duration}>{formatDuration(entry.duration_ms)}</Fact>
      )}
      {address !== null && (
        <Fact name={logsLabels.columns.address} filter={['address', address]}>
          <code>{address}</code>
        </Fact>
      )}
      {entry.user_agent !== null && (
        <Fact
          name={
            type === 'session' || route === 'SMTP'
              ? logsLabels.drawer.ehloName
              : logsLabels.drawer.userAgent
          }
        >
          <span className="break-words">{entry.user_agent}</span>
        </Fact>
      )}
      {request_id !== null && (
        <Fact name={logsLabels.filterNames.request} filter={['request', request_id]}>
          <CopyText text={request_id}>
            <code>{request_id}</code>
          </CopyText>
        </Fact>
      )}
      {entry.to !== null && <Fact name={logsLabels.drawer.recipient}>{entry.to}</Fact>}
      {entry.email_id !== null && (
        <Fact name={logsLabels.filterNames.message} filter={['message', entry.email_id]}>
          <a href={messageHash(entry)} className="text-sage-ink hover:underline">
            <code>{entry.email_id}</code>
          </a>
        </Fact>
      )}
      {entry.by !== null && <Fact name={logsLabels.drawer.changedBy}>{entry.by}</Fact>}
    </dl>
  )
}

type FactProps = { name: string; filter?: readonly [FilterName, string]; children: ReactNode }

function Fact({ name, filter, children }: FactProps) {
  return (
    <>
      <dt className="flex min-h-7 items-center text-ink-faint">{name}</dt>
      <dd className="flex min-h-7 items-center gap-2">
        <span className="figures min-w-0 flex-1 break-words">{children}</span>
        {filter && (
          <IconButton
            icon={ListFilter}
            label={logsLabels.drawer.filterBy(name)}
            className="size-6!"
            onClick={() => filterLogs(...filter)}
          />
        )}
      </dd>
    </>
  )
}

/** Links to other entries, or to their messages. */
export function EntryLinks({ entries, toMessage }: EntryLinksProps) {
  return (
    <ul className="overflow-hidden rounded-lg border border-line">
      {entries.map((entry) => (
        <li key={nameOf(entry)} className="border-line border-b last:border-b-0">
          <a
            href={toMessage ? messageHash(entry) : routeHash('logs', nameOf(entry))}
            className="flex h-7 cursor-default items-center gap-3 px-3 text-sm hover:bg-hover focus-visible:-outline-offset-2"
          >
            <span className="figures font-mono text-ink-faint text-xs">
              {formatInstant(entry.timestamp)}
            </span>
            <span className={`min-w-0 flex-1 truncate ${toneClasses[toneOf(entry)]}`}>
              {titleOf(entry)}
            </span>
            {toMessage && <code className="truncate text-ink-faint">{entry.email_id}</code>}
            {entry.status !== null && <span className="figures">{entry.status}</span>}
          </a>
        </li>
      ))}
    </ul>
  )
}

type EntryLinksProps = { entries: readonly LogEntry[]; toMessage?: boolean }

/** Captured messages are in the inbox, live messages in the outbox. */
function messageHash({ event, email_id: id }: LogEntry): string {
  return routeHash(event === 'captured' ? 'inbox' : 'outbox', id)
}
