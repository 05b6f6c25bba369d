import { useEffect, useState } from 'react'
import { type Reply, request } from '../../app/request.ts'
import { routeHash } from '../../app/router.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { Failure } from '../../ui/notice.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { settingsLabels } from './labels.ts'
import { SettingRow } from './setting-row.tsx'

type AlertSummary = {
  readonly rules: Reply<'GET /v1/alerts/rules'>['data']
  readonly open: number
}

/** A summary of the alert rules, which are edited on the alerts page. */
export function Alerts() {
  const [summary, setSummary] = useState<Load<AlertSummary>>(loading)
  const load = () => {
    Promise.all([
      request('GET /v1/alerts/rules'),
      request('GET /v1/alerts', { query: { state: 'open', limit: 1 } }),
    ]).then(
      ([{ data }, { open }]) => setSummary(ready({ rules: data, open })),
      (cause) => setSummary(failed(cause)),
    )
  }
  useEffect(load, [])
  return (
    <Section title={settingsLabels.sections.alerts}>
      <Card>
        {summary.status === 'loading' && <Skeleton className="m-4 h-5 w-1/2" />}
        {summary.status === 'failed' && <Failure failure={summary.failure} onRetry={load} />}
        {summary.status === 'ready' && (
          <SettingRow name={rulesLine(summary.value)} note={disabledRulesLine(summary.value)}>
            <a
              href={routeHash('usage', 'alerts')}
              className="inline-flex h-7 shrink-0 items-center rounded-md border border-line-strong bg-raised px-2.5 font-medium shadow-control hover:bg-hover"
            >
              {settingsLabels.alerts.open}
            </a>
          </SettingRow>
        )}
      </Card>
    </Section>
  )
}

function rulesLine({ rules, open }: AlertSummary): string {
  const enabled = rules.filter(({ settings }) => settings.enabled === true).length
  return settingsLabels.alerts.rules(enabled, rules.length, open)
}

function disabledRulesLine({ rules }: AlertSummary): string {
  const disabled = rules.filter(({ settings }) => settings.enabled !== true)
  return disabled.length === 0
    ? settingsLabels.alerts.allEnabled
    : settingsLabels.alerts.disabled(disabled.map((rule) => rule.summary))
}
