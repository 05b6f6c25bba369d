import { useEffect, useState } from 'react'
import { type Reply, request } from '../../app/request.ts'
import { routeHash } from '../../app/router.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { Failure } from '../../ui/notice.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { SettingRow } from './setting-row.tsx'

type Watched = {
  readonly rules: Reply<'GET /v1/alerts/rules'>['data']
  readonly open: number
}

/** How much is watched for; the rules themselves are set beside the alerts. */
export function Alerts() {
  const [watched, setWatched] = useState<Load<Watched>>(loading)
  const load = () => {
    Promise.all([
      request('GET /v1/alerts/rules'),
      request('GET /v1/alerts', { query: { state: 'open', limit: 1 } }),
    ]).then(
      ([{ data }, { open }]) => setWatched(ready({ rules: data, open })),
      (cause) => setWatched(failed(cause)),
    )
  }
  useEffect(load, [])
  return (
    <Section title="Alerts">
      <Card>
        {watched.status === 'loading' && <Skeleton className="m-4 h-5 w-1/2" />}
        {watched.status === 'failed' && <Failure failure={watched.failure} onRetry={load} />}
        {watched.status === 'ready' && (
          <SettingRow name={summary(watched.value)} note={offWords(watched.value)}>
            <a
              href={routeHash('usage', 'alerts')}
              className="inline-flex h-7 shrink-0 items-center rounded-md border border-line-strong bg-raised px-2.5 font-medium shadow-control hover:bg-hover"
            >
              Open alerts
            </a>
          </SettingRow>
        )}
      </Card>
    </Section>
  )
}

function summary({ rules, open }: Watched): string {
  const on = rules.filter(({ settings }) => settings.enabled === true).length
  const now =
    open === 0 ? 'no alert is open' : open === 1 ? 'one alert is open' : `${open} alerts are open`
  return `${on} of ${rules.length} rules are on, ${now}`
}

function offWords({ rules }: Watched): string {
  const off = rules.filter(({ settings }) => settings.enabled !== true)
  if (off.length === 0) return 'Unusual use of keys, bounces, a full queue and relays in trouble.'
  return `Off: ${off.map(({ summary: words }) => words).join('; ')}.`
}
