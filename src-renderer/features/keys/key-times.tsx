import type { Key } from '../../../src-main/contract/keys.ts'
import { Badge } from '../../ui/badge.tsx'
import { formatDate, formatDistance, formatExact } from '../../ui/format.ts'
import { Tooltip } from '../../ui/tooltip.tsx'
import { useNow } from '../../ui/use-now.ts'
import { keysLabels } from './labels.ts'
import { formatTimeLeft } from './time-left.ts'

const soonMs = 14 * 86_400_000

export function KeyExpiry({ apiKey: { expires_at } }: { apiKey: Key }) {
  if (expires_at === null) return <span className="text-ink-faint">{keysLabels.never}</span>
  const leftMs = Date.parse(expires_at) - Date.now()
  if (leftMs <= 0) return <Badge tone="danger">{keysLabels.times.expired}</Badge>
  return (
    <Tooltip label={formatExact(expires_at)}>
      <span className="inline-flex">
        {leftMs < soonMs ? (
          <Badge tone="warn">{formatDistance(expires_at)}</Badge>
        ) : (
          <span className="text-ink-muted">{formatDate(expires_at)}</span>
        )}
      </span>
    </Tooltip>
  )
}

export function isRotating({ grace_until }: Key): boolean {
  return grace_until !== null && Date.parse(grace_until) > Date.now()
}

/** Counts down the grace time of the old secret. */
export function RotationNote({ until, long }: { until: string; long?: boolean }) {
  const now = useNow(1000)
  const leftMs = Date.parse(until) - now
  if (leftMs <= 0) return null
  return (
    <Tooltip label={keysLabels.times.oldSecretUntil(formatExact(until))}>
      <span className="inline-flex">
        <Badge tone="warn">
          {long ? keysLabels.times.rotatingLong : keysLabels.times.rotating}
          <span className="figures">{formatTimeLeft(leftMs)}</span>
        </Badge>
      </span>
    </Tooltip>
  )
}

/** The countdown as one line of a table row. */
export function RotationLine({ until }: { until: string }) {
  const leftMs = Date.parse(until) - useNow(1000)
  if (leftMs <= 0) return null
  return (
    <Tooltip label={keysLabels.times.oldSecretUntil(formatExact(until))}>
      <span className="flex gap-1 truncate font-medium text-warn-ink text-xs">
        {keysLabels.times.rotating}{' '}
        <span className="figures truncate">{formatTimeLeft(leftMs)}</span>
      </span>
    </Tooltip>
  )
}

export function LastUse({ apiKey: { last_used_at, last_used_from } }: { apiKey: Key }) {
  if (last_used_at === null) return <span className="text-ink-faint">{keysLabels.never}</span>
  return (
    <Tooltip label={formatExact(last_used_at)}>
      <span className="block min-w-0">
        <span className="block truncate text-ink-muted">{formatDistance(last_used_at)}</span>
        {last_used_from && (
          <span className="block truncate font-mono text-ink-faint text-xs" title={last_used_from}>
            {last_used_from}
          </span>
        )}
      </span>
    </Tooltip>
  )
}
