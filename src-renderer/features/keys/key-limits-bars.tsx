import type { KeyLimits } from '../../../src-main/contract/key-figures.ts'
import { formatCount } from '../../ui/format.ts'
import { Meter } from '../../ui/meter.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import type { KeyUse } from './keys-store.ts'
import { keysLabels } from './labels.ts'

type FiguresProps = { limits: KeyLimits | undefined; use: KeyUse | null }

/** One line and one bar: today's emails when the key has a daily limit, requests otherwise. */
export function UseCell({ limits, use }: FiguresProps) {
  if (!use) return <span className="text-ink-faint">–</span>
  const perDay = limits?.emails_per_day ?? null
  const today = limits?.emails_today ?? 0
  return (
    <Tooltip label={limits ? limitsSentence(limits) : keysLabels.limits.unknown}>
      <span className="block">
        <span className="figures block truncate text-ink-muted text-sm">
          {perDay === null ? (
            <>
              <Strong>{formatCount(use.requests)}</Strong>{' '}
              {keysLabels.limits.requestNoun(use.requests)}
              {/* A narrow table hides this; the key's drawer shows it. */}
              <span className="@max-4xl:hidden">
                , <Strong>{formatCount(use.emails)}</Strong> {keysLabels.limits.sent}
              </span>
            </>
          ) : (
            <>
              <Strong>{formatCount(today)}</Strong> {keysLabels.limits.ofToday(perDay)}
            </>
          )}
        </span>
        {limits && (
          <Meter
            className="mt-1.5"
            label={
              perDay === null ? keysLabels.limits.requestsSpent : keysLabels.limits.emailsToday
            }
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

export function LimitBars({ limits, use }: FiguresProps) {
  const spent = limits ? limits.burst - limits.requests_left : 0
  return (
    <div className="space-y-2.5 text-sm">
      <LimitLine
        name={keysLabels.limits.requests(limits?.requests_per_minute)}
        figure={limits ? keysLabels.limits.spent(spent, limits.burst) : '–'}
        value={spent}
        max={limits?.burst ?? 1}
      />
      {limits && limits.emails_per_day !== null ? (
        <LimitLine
          name={keysLabels.limits.emailsToday}
          figure={keysLabels.limits.of(limits.emails_today ?? 0, limits.emails_per_day)}
          value={limits.emails_today ?? 0}
          max={limits.emails_per_day}
        />
      ) : (
        <LimitLine
          name={keysLabels.limits.noDailyLimit}
          figure={use ? keysLabels.limits.inDay(use.emails) : '–'}
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

function limitsSentence(limits: KeyLimits): string {
  const { requests_per_minute, burst, requests_left, emails_per_day } = limits
  return keysLabels.limits.sentence(requests_per_minute, requests_left, burst, emails_per_day)
}
