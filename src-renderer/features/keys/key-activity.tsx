import type { Key } from '../../../src-main/contract/keys.ts'
import { answersOf } from '../../../src-main/contract/usage.ts'
import { formatCount, formatDistance, formatExact } from '../../ui/format.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { DrawerSection, LoadedList } from './drawer-section.tsx'
import { type KeyRange, showRange, useKeyDetail } from './key-detail-store.ts'
import { LimitBars } from './key-limits-bars.tsx'
import { useKeys } from './keys-store.ts'
import { keysLabels } from './labels.ts'

const ranges = [
  { value: '24h', label: keysLabels.activity.day },
  { value: '7d', label: keysLabels.activity.week },
] as const satisfies readonly { value: KeyRange; label: string }[]

/** The usage of a key and the addresses it was used from. */
export function KeyActivity({ apiKey: { id } }: { apiKey: Key }) {
  const { range, usage, addresses } = useKeyDetail()
  const limits = useKeys((state) => state.limits.get(id))
  const uses = useKeys((state) => state.uses)
  return (
    <>
      <DrawerSection
        title={keysLabels.activity.use}
        aside={
          <Segmented
            label={keysLabels.activity.range}
            value={range}
            options={ranges}
            onChange={showRange}
          />
        }
      >
        <UsageGraph load={usage} range={range} />
        <div className="mt-4">
          <LimitBars
            limits={limits}
            use={uses ? (uses.get(id) ?? { requests: 0, emails: 0 }) : null}
          />
        </div>
      </DrawerSection>
      <DrawerSection title={keysLabels.activity.usedFrom}>
        <LoadedList load={addresses} empty={keysLabels.activity.nowhere}>
          {(rows) => (
            <ul className="space-y-1 text-sm">
              {rows.slice(0, 8).map(({ address, uses: count, last_used_at }) => (
                <li key={address} className="flex items-baseline gap-3">
                  <code className="min-w-0 flex-1 truncate" title={address}>
                    {address}
                  </code>
                  <span className="figures text-ink-muted">{formatCount(count)}</span>
                  <span
                    className="w-24 text-right text-ink-faint"
                    title={formatExact(last_used_at)}
                  >
                    {formatDistance(last_used_at)}
                  </span>
                </li>
              ))}
              {rows.length > 8 && (
                <li className="text-ink-faint">
                  {keysLabels.activity.moreAddresses(rows.length - 8)}
                </li>
              )}
            </ul>
          )}
        </LoadedList>
      </DrawerSection>
    </>
  )
}

type GraphProps = { load: ReturnType<typeof useKeyDetail.getState>['usage']; range: KeyRange }

function UsageGraph({ load, range }: GraphProps) {
  if (load.status === 'failed') {
    return (
      <p role="alert" className="h-[76px] text-ink-muted text-sm">
        {load.failure.message}
      </p>
    )
  }
  const totals = load.status === 'ready' ? load.value.totals : null
  const refused = totals ? answersOf(totals).refused : 0
  const points =
    load.status === 'ready'
      ? load.value.series.map((figures) => {
          const { refused: bad } = answersOf(figures)
          return { good: figures.requests - bad, bad }
        })
      : []
  return (
    <div>
      <Sparkline label={keysLabels.activity.graph(range)} points={points} />
      <p className="figures mt-2 flex h-5 gap-4 text-ink-muted text-sm">
        <Figure count={totals?.requests} noun={keysLabels.activity.requests} />
        <Figure count={totals?.emails} noun={keysLabels.activity.sent} />
        <span className={refused > 0 ? 'text-danger-ink' : ''}>
          <Figure count={totals ? refused : undefined} noun={keysLabels.activity.refused} />
        </span>
      </p>
    </div>
  )
}

function Figure({ count, noun }: { count: number | undefined; noun: string }) {
  return (
    <span>
      <span className="font-medium text-ink">{count === undefined ? '–' : formatCount(count)}</span>{' '}
      {noun}
    </span>
  )
}
