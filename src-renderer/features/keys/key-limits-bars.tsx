import type { KeyLimits } from '../../../src-main/contract/key-figures.ts'
import { formatCount } from '../../ui/format.ts'
import { Meter } from '../../ui/meter.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import type { KeyUse } from './keys-store.ts'

type FiguresProps = { limits: KeyLimits | undefined; use: KeyUse | null }

/** One line and one bar: the day's emails where they are limited, else the requests. */
export function UseCell({ limits, use }: FiguresProps) {
  if (!use) return <span className="text-ink-faint">–</span>
  const perDay = limits?.emails_per_day ?? null
  const today = limits?.emails_today ?? 0
  return (
    <Tooltip label={limits ? limitsInWords(limits) : 'Limits are not known yet'}>
      <span className="block">
        <span className="figures block truncate text-ink-muted text-sm">
          {perDay === null ? (
            <>
              <Strong>{formatCount(use.requests)}</Strong>{' '}
              {use.requests === 1 ? 'request' : 'requests'}
              {/* Where there is no room for it, the page of the key says it. */}
              <span className="@max-4xl:hidden">
                , <Strong>{formatCount(use.emails)}</Strong> sent
              </span>
            </>
          ) : (
            <>
              <Strong>{formatCount(today)}</Strong> of {formatCount(perDay)} today
            </>
          )}
        </span>
        {limits && (
          <Meter
            className="mt-1.5"
            label={perDay === null ? 'Requests spent' : 'Emails today'}
            value={perDay === null ? limits.burst - limits.requests_left : today}
            max={perDay ?? limits.burst}
          />
        )}
      </span>
    </Tooltip>
  )
}

function Strong({ children }: { children: string }) {
  return <span className="font-medium text-ink">{children}</span>
}

/** Both limits with their bars. */
export function LimitBars({ limits, use }: FiguresProps) {
  const spent = limits ? limits.burst - limits.requests_left : 0
  return (
    <div className="space-y-2.5 text-sm">
      <LimitLine
        name={limits ? `Requests, ${formatCount(limits.requests_per_minute)} a minute` : 'Requests'}
        figure={limits ? `${formatCount(spent)} of ${formatCount(limits.burst)} spent` : '–'}
        value={spent}
        max={limits?.burst ?? 1}
      />
      {limits && limits.emails_per_day !== null ? (
        <LimitLine
          name="Emails today"
          figure={`${formatCount(limits.emails_today ?? 0)} of ${formatCount(limits.emails_per_day)}`}
          value={limits.emails_today ?? 0}
          max={limits.emails_per_day}
        />
      ) : (
        <LimitLine
          name="Emails, no daily limit"
          figure={use ? `${formatCount(use.emails)} in 24 h` : '–'}
          value={0}
          max={1}
        />
      )}
    </div>
  )
}

type LimitLineProps = { name: string; figure: string; value: number; max: number }

function LimitLine({ name, figure, value, max }: LimitLineProps) {
  return (
    <div>
      <p className="flex justify-between gap-2">
        <span className="truncate text-ink-muted">{name}</span>
        <span className="figures shrink-0">{figure}</span>
      </p>
      <Meter className="mt-1" label={name} value={value} max={max} />
    </div>
  )
}

function limitsInWords(limits: KeyLimits): string {
  const { requests_per_minute, burst, requests_left, emails_per_day } = limits
  const requests = `${formatCount(requests_per_minute)} requests a minute, ${formatCount(requests_left)} of ${formatCount(burst)} at once are left`
  return emails_per_day === null
    ? `${requests}; no daily limit`
    : `${requests}; ${formatCount(emails_per_day)} emails a day`
}
