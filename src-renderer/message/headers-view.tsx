import { useMemo, useState } from 'react'
import { Badge, type Tone } from '../ui/badge.tsx'
import { CopyButton, CopyIcon } from '../ui/copy.tsx'
import type { Load } from '../ui/load.ts'
import { Failure } from '../ui/notice.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { headerMeaning } from './header-meanings.ts'
import { type Header, parseAuthResults, parseHops, parseListUrls } from './header-reading.ts'
import { HopTimeline } from './hop-timeline.tsx'
import { messageLabels } from './labels.ts'
import { ExternalLink } from './linked-text.tsx'

type HeadersViewProps = { headers: Load<readonly Header[]>; onRetry: () => void }

export function HeadersView({ headers, onRetry }: HeadersViewProps) {
  const [style, setStyle] = useState<'explained' | 'raw'>('explained')
  if (headers.status === 'failed') return <Failure failure={headers.failure} onRetry={onRetry} />
  if (headers.status !== 'ready') return <SkeletonRows count={6} height={48} />
  const text = headers.value.map(({ name, value }) => `${name}: ${value}`).join('\n')
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-10 shrink-0 items-center gap-2 border-line border-b px-5">
        <span className="figures flex-1 truncate text-ink-faint">
          {messageLabels.headerCount(headers.value.length)}
        </span>
        <Segmented
          label={messageLabels.headers}
          value={style}
          onChange={setStyle}
          options={[
            { value: 'explained', label: messageLabels.explained },
            { value: 'raw', label: messageLabels.raw },
          ]}
        />
        <CopyButton text={text} label={messageLabels.copyAll} />
      </div>
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="@container min-h-0 flex-1 overflow-y-auto px-5 pb-4 focus-visible:-outline-offset-2"
      >
        {style === 'explained' && <DeliveryRoute headers={headers.value} />}
        <HeaderTable headers={headers.value} isExplained={style === 'explained'} />
      </div>
    </div>
  )
}

function DeliveryRoute({ headers }: { headers: readonly Header[] }) {
  const hops = useMemo(() => parseHops(headers), [headers])
  if (hops.length === 0) return null
  return (
    <section aria-label={messageLabels.route} className="border-line border-b py-4">
      <h3 className="mb-2 font-semibold">{messageLabels.route}</h3>
      <HopTimeline hops={hops} />
    </section>
  )
}

function HeaderTable({
  headers,
  isExplained,
}: {
  headers: readonly Header[]
  isExplained: boolean
}) {
  return (
    <table className="w-full table-fixed text-left">
      <colgroup>
        <col className="w-40 @max-md:w-28" />
        <col />
        <col className="w-8" />
      </colgroup>
      <thead className="sr-only">
        <tr>
          <th>{messageLabels.headerName}</th>
          <th>{messageLabels.headerValue}</th>
          <th>{messageLabels.copy}</th>
        </tr>
      </thead>
      <tbody>
        {headers.map((header, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: headers repeat, and their order never changes
          <tr key={index} className="group border-line border-b align-top last:border-b-0">
            <th scope="row" className="break-words py-2 pr-3 font-medium text-ink-muted">
              {header.name}
            </th>
            <td className="py-2">
              <Value header={header} isExplained={isExplained} />
            </td>
            <td className="py-1 text-right opacity-0 focus-within:opacity-100 group-hover:opacity-100">
              <CopyIcon text={header.value} label={messageLabels.copyHeader(header.name)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Value({ header: { name, value }, isExplained }: { header: Header; isExplained: boolean }) {
  const lower = name.toLowerCase()
  const meaning = isExplained ? headerMeaning(name) : null
  const addresses = isExplained && lower.startsWith('list-') ? parseListUrls(value) : []
  const isAuthResults = isExplained && lower === 'authentication-results'
  return (
    <>
      {isAuthResults && <AuthResults value={value} />}
      {addresses.length > 0 ? (
        <ul className="font-mono text-sm leading-5">
          {addresses.map((url) => (
            <li key={url} className="break-all">
              <ExternalLink url={url}>{url}</ExternalLink>
            </li>
          ))}
        </ul>
      ) : (
        <p dir="auto" className="break-words font-mono text-sm leading-5">
          {value}
        </p>
      )}
      {meaning && <p className="mt-0.5 text-ink-faint text-sm">{meaning}</p>}
    </>
  )
}

const tones: Readonly<Record<string, Tone>> = {
  pass: 'sage',
  fail: 'danger',
  softfail: 'warn',
  permerror: 'danger',
  temperror: 'warn',
  policy: 'warn',
}

function AuthResults({ value }: { value: string }) {
  const { results } = parseAuthResults(value)
  if (results.length === 0) return null
  return (
    <ul aria-label={messageLabels.authResults} className="mb-1 flex flex-wrap gap-1">
      {results.map(({ method, result, about }) => (
        <li key={`${method} ${about}`} title={about}>
          <Badge tone={tones[result] ?? 'neutral'}>
            {method.toUpperCase()} {result}
          </Badge>
        </li>
      ))}
    </ul>
  )
}
