import type { Figures } from '../../../src-main/contract/usage.ts'
import { formatCount, formatShare } from '../../ui/format.ts'

export function StatCards({ totals }: { totals: Figures }) {
  const { requests, emails, outcomes } = totals
  const rate = requests === 0 ? '–' : formatShare(outcomes.ok / requests)
  return (
    <dl className="grid grid-cols-4 divide-x divide-line rounded-lg border border-line">
      <Stat name="Requests" value={formatCount(requests)} />
      <Stat name="Emails" value={formatCount(emails)} />
      <Stat name="Success rate" value={rate} />
      <Stat
        name="Rate limited"
        value={formatCount(outcomes.rate_limited)}
        isWarning={outcomes.rate_limited > 0}
      />
    </dl>
  )
}

type StatProps = { name: string; value: string; isWarning?: boolean }

function Stat({ name, value, isWarning }: StatProps) {
  return (
    <div className="min-w-0 px-4 py-3">
      <dt className="text-ink-muted text-sm">{name}</dt>
      <dd
        className={`figures mt-0.5 truncate font-semibold text-2xl tracking-[-0.015em] ${
          isWarning ? 'text-live-ink' : ''
        }`}
      >
        {value}
      </dd>
    </div>
  )
}
