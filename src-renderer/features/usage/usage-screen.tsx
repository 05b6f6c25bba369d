import { ChartColumn, Download } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import type { Alert } from '../../../src-main/contract/alerts.ts'
import type { Usage } from '../../../src-main/contract/usage.ts'
import { AlertBell } from '../../app/alert-bell.tsx'
import { alertRulesRouteId, alertsRouteId, useAlerts } from '../../app/alerts.ts'
import { useCommands } from '../../app/commands.ts'
import { createFollowUp } from '../../app/follow-up.ts'
import { isUse, listen } from '../../app/live.ts'
import { go, useRoute } from '../../app/router.ts'
import { IconButton } from '../../ui/button.tsx'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Card, Page, Section } from '../../ui/page.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { AlertsView } from './alerts-view.tsx'
import { ChartCard } from './chart-card.tsx'
import { KeyLimits } from './key-limits.tsx'
import { usageLabels } from './labels.ts'
import { CustomRange, RangePicker } from './range-picker.tsx'
import { StatCards } from './stat-cards.tsx'
import { FilterTrail } from './usage-filters.tsx'
import { presetNames, type Range, refreshMsOf } from './usage-range.ts'
import {
  chooseRange,
  exportUsage,
  loadUsage,
  type Measure,
  setMeasure,
  showKey,
  useUsage,
  zoomBack,
} from './usage-store.ts'
import { UsageTables } from './usage-tables.tsx'

/** `#/usage`, `#/usage/<key id>`, `#/usage/alerts`, `#/usage/alert-rules`, `#/usage/<alert id>`. */
export function UsageScreen() {
  const id = useRoute((route) => route.id)
  const isAlerts = id === alertsRouteId || id === alertRulesRouteId || id?.startsWith('alert_')
  return isAlerts ? <AlertsView page={id ?? alertsRouteId} /> : <UsageFigures keyId={id} />
}

function UsageFigures({ keyId }: { keyId: string | null }) {
  const { usage, isStale } = useUsage()
  useEffect(() => showKey(keyId), [keyId])
  useLiveUsage()
  useHotkeys({ escape: () => (useUsage.getState().history.length > 0 ? zoomBack() : go('usage')) })
  useUsageCommands()
  return (
    <Page
      title={usageLabels.title}
      width="wide"
      actions={
        <>
          <RangePicker />
          <IconButton icon={Download} label={usageLabels.screen.export} onClick={exportUsage} />
          <AlertBell />
        </>
      }
    >
      {usage.status === 'failed' && <Failure failure={usage.failure} onRetry={loadUsage} />}
      {usage.status === 'loading' && <UsageSkeleton />}
      {usage.status === 'ready' && (
        <div className={isStale ? 'opacity-60 transition-opacity delay-150' : ''}>
          <Figures usage={usage.value} />
        </div>
      )}
    </Page>
  )
}

const measures: readonly { value: Measure; label: string }[] = [
  { value: 'outcomes', label: usageLabels.outcomes },
  { value: 'latency', label: usageLabels.latency },
  { value: 'emails', label: usageLabels.emails },
]

function Figures({ usage }: { usage: Usage }) {
  const { range, filters, measure } = useUsage()
  const alerts = useAlertsOf(usage)
  const isFiltered = Object.keys(filters).length > 0
  const isEmpty = usage.totals.requests === 0 && usage.totals.emails === 0
  return (
    <div className="space-y-6">
      {(isFiltered || range.type === 'custom') && (
        <div className="space-y-3">
          <FilterTrail />
          <CustomRange />
        </div>
      )}
      {filters.keyId && <KeyLimits keyId={filters.keyId} />}
      <StatCards usage={usage} previous={previousOf(range)} isFiltered={isFiltered} />
      <Section
        title={usageLabels.screen.chartTitles[measure]}
        description={usageLabels.screen.chartHint(nameOf(range))}
        actions={
          <Segmented
            label={usageLabels.screen.chart}
            value={measure}
            onChange={setMeasure}
            options={measures}
          />
        }
      >
        <Card>
          {isEmpty ? (
            <Empty icon={ChartColumn} title={usageLabels.screen.empty}>
              {usageLabels.screen.emptyHint}
            </Empty>
          ) : (
            <ChartCard usage={usage} alerts={alerts} previous={previousOf(range)} />
          )}
        </Card>
      </Section>
      {!isEmpty && <UsageTables usage={usage} />}
    </div>
  )
}

const nameOf = (range: Range): string =>
  range.type === 'preset' ? usageLabels.ranges[range.preset] : usageLabels.customRange
const previousOf = (range: Range): string =>
  range.type === 'preset' ? usageLabels.previousRanges[range.preset] : usageLabels.previousRange

/** Alerts raised in the shown period that match the filters. */
function useAlertsOf({ from, to }: Usage): readonly Alert[] {
  const alerts = useAlerts((state) => state.alerts)
  const { keyId, tenantId } = useUsage((state) => state.filters)
  return useMemo(() => {
    if (alerts.status !== 'ready') return []
    return alerts.value.filter(
      ({ raised_at: at, subject, tenant_id: tenant }) =>
        Date.parse(at) >= Date.parse(from) &&
        Date.parse(at) <= Date.parse(to) &&
        (keyId === undefined || subject === keyId) &&
        (tenantId === undefined || tenant === tenantId),
    )
  }, [alerts, from, to, keyId, tenantId])
}

function UsageSkeleton() {
  return (
    <div role="status" aria-label={usageLabels.screen.loading} className="space-y-6">
      <Skeleton className="h-[90px] rounded-lg" />
      <Skeleton className="h-[336px] rounded-lg" />
      <Skeleton className="h-40 rounded-lg" />
    </div>
  )
}

/** Reloads the figures after events, no more often than the range can show. */
function useLiveUsage(): void {
  useEffect(() => {
    const followUp = createFollowUp(loadUsage, () => refreshMsOf(useUsage.getState().range))
    void loadUsage()
    const unlisten = listen({
      connected: loadUsage,
      events: (events) => {
        if (events.some(isUse)) followUp.schedule()
      },
    })
    return () => {
      unlisten()
      followUp.stop()
    }
  }, [])
}

function useUsageCommands(): void {
  const commands = useMemo(
    () => [
      ...presetNames.map((preset) => ({
        id: `usage-${preset}`,
        label: usageLabels.commands.range(usageLabels.ranges[preset].toLowerCase()),
        group: usageLabels.title,
        run: () => chooseRange({ type: 'preset', preset }),
      })),
      {
        id: 'usage-csv',
        label: usageLabels.commands.export,
        group: usageLabels.title,
        icon: Download,
        run: exportUsage,
      },
      {
        id: 'usage-alerts',
        label: usageLabels.commands.alerts,
        group: usageLabels.title,
        keywords: usageLabels.commands.alertsKeywords,
        run: () => go('usage', alertsRouteId),
      },
      {
        id: 'usage-alert-rules',
        label: usageLabels.commands.rules,
        group: usageLabels.title,
        keywords: usageLabels.commands.rulesKeywords,
        run: () => go('usage', alertRulesRouteId),
      },
    ],
    [],
  )
  useCommands(commands)
}
