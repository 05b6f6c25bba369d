import { useEffect, useState } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import { rateOfKey } from '../../../src-main/contract/settings.ts'
import { request } from '../../app/request.ts'
import { useServerSettings } from '../../app/server-settings.ts'
import { formatShare } from '../../ui/format.ts'
import { ModeBadge } from '../../ui/mode-badge.tsx'
import { usageLabels } from './labels.ts'
import { useUsage } from './usage-store.ts'

type LimitUsage = { readonly busiestMinute: number; readonly emailsToday: number }

const hoursBack = 6

/** The limits of one key and their usage. */
export function KeyLimits({ keyId }: { keyId: string }) {
  const key = useUsage((state) => state.keys.get(keyId))
  const facts = useServerSettings((state) => state.settings)
  const limitUsage = useLimitUsage(keyId)
  if (!key || facts.status !== 'ready') return null
  const { perMinute } = rateOfKey(facts.value.plan, key.mode, key.rate_limit.requests_per_minute)
  const emailsPerDay = key.rate_limit.emails_per_day
  return (
    <section
      aria-label={usageLabels.limits.label(key.name)}
      className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)] items-center gap-6 rounded-lg border border-line px-4 py-3"
    >
      <div className="min-w-0">
        <p className="flex items-center gap-2">
          <span className="truncate font-semibold" title={key.name}>
            {key.name}
          </span>
          <ModeBadge mode={key.mode} />
        </p>
        <p className="truncate font-mono text-ink-faint text-sm">{key.prefix}…</p>
      </div>
      <Meter
        name={usageLabels.limits.busiestMinute(hoursBack)}
        used={limitUsage?.busiestMinute ?? null}
        limit={perMinute}
        unit={limitSource(key)}
      />
      {emailsPerDay === null ? (
        <div className="text-sm">
          <p className="text-ink-muted">{usageLabels.limits.emailsToday}</p>
          <p className="figures text-ink-faint">
            {usageLabels.limits.noDailyLimit(limitUsage?.emailsToday ?? null)}
          </p>
        </div>
      ) : (
        <Meter
          name={usageLabels.limits.emailsToday}
          used={limitUsage?.emailsToday ?? null}
          limit={emailsPerDay}
          unit={usageLabels.limits.perDay}
        />
      )}
    </section>
  )
}

function limitSource({ rate_limit: { requests_per_minute: own } }: Key): string {
  return own === null ? usageLabels.limits.perMinutePlan : usageLabels.limits.perMinute
}

type MeterProps = { name: string; used: number | null; limit: number; unit: string }

function Meter({ name, used, limit, unit }: MeterProps) {
  const share = used === null ? 0 : used / limit
  const color = share >= 1 ? 'bg-danger' : share >= 0.8 ? 'bg-live' : 'bg-sage'
  return (
    <div className="min-w-0 text-sm">
      <p className="flex justify-between gap-2 text-ink-muted">
        <span className="truncate" title={name}>
          {name}
        </span>
        <span className="figures font-medium text-ink">
          {used === null ? '–' : formatShare(share)}
        </span>
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a native meter has colours of its own */}
      <div
        role="meter"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={limit}
        aria-valuenow={Math.min(used ?? 0, limit)}
        className="my-1 h-1.5 overflow-hidden rounded-full bg-line"
      >
        <div className={`h-full ${color}`} style={{ width: `${Math.min(100, share * 100)}%` }} />
      </div>
      <p className="figures text-ink-faint">{usageLabels.limits.used(used, limit, unit)}</p>
    </div>
  )
}

/** Reloads together with the figures of the screen. */
function useLimitUsage(keyId: string): LimitUsage | null {
  const usage = useUsage((state) => state.usage)
  const [limitUsage, setLimitUsage] = useState<LimitUsage | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: new figures of the screen mean new ones here
  useEffect(() => {
    let isStale = false
    void loadLimitUsage(keyId).then(
      (loaded) => !isStale && setLimitUsage(loaded),
      () => undefined,
    )
    return () => {
      isStale = true
    }
  }, [keyId, usage])
  return limitUsage
}

async function loadLimitUsage(keyId: string): Promise<LimitUsage> {
  const now = Date.now()
  const midnight = new Date(now)
  midnight.setUTCHours(0, 0, 0, 0)
  const [minutes, today] = await Promise.all([
    request('GET /v1/usage', {
      query: {
        key_id: keyId,
        bucket: 'minute',
        from: new Date(now - hoursBack * 3_600_000).toISOString(),
      },
    }),
    request('GET /v1/usage', {
      query: { key_id: keyId, bucket: 'day', from: midnight.toISOString() },
    }),
  ])
  return {
    busiestMinute: Math.max(0, ...minutes.series.map(({ requests }) => requests)),
    emailsToday: today.totals.emails,
  }
}
