import { ChartColumn } from 'lucide-react'
import { useEffect } from 'react'
import type { Usage } from '../../../src-main/contract/usage.ts'
import { isUse, listen } from '../../live.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Card, Page, Section } from '../../ui/page.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { FigureTable } from './figure-table.tsx'
import { StatCards } from './stat-cards.tsx'
import { UsageChart } from './usage-chart.tsx'
import { chooseRange, loadUsage, type Range, ranges, useUsage } from './usage-store.ts'

const refreshMs = 1000
const rangeNames: Readonly<Record<Range, string>> = {
  '1h': 'the last hour',
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
  '30d': 'the last 30 days',
}

export function UsageScreen() {
  const { range, usage } = useUsage()
  useLiveUsage()
  return (
    <Page
      title="Usage"
      width="wide"
      actions={
        <Segmented
          label="Range"
          value={range}
          onChange={chooseRange}
          options={Object.keys(ranges).map((value) => ({
            value: value as Range,
            label: value,
          }))}
        />
      }
    >
      {usage.status === 'failed' && <Failure failure={usage.failure} onRetry={loadUsage} />}
      {usage.status === 'loading' && <UsageSkeleton />}
      {usage.status === 'ready' && <Figures usage={usage.value} range={range} />}
    </Page>
  )
}

function Figures({ usage, range }: { usage: Usage; range: Range }) {
  const modes = useUsage((state) => state.modes)
  const isQuiet = usage.totals.requests === 0
  return (
    <div className="space-y-8">
      <StatCards totals={usage.totals} />
      <Section title="Requests" description={`By outcome, over ${rangeNames[range]}`}>
        <Card>
          {isQuiet ? (
            <Empty icon={ChartColumn} title="No requests yet">
              Requests appear here as your apps use their keys, over HTTP and SMTP.
            </Empty>
          ) : (
            <UsageChart usage={usage} />
          )}
        </Card>
      </Section>
      {!isQuiet && (
        <>
          <Section title="By key">
            <FigureTable
              first="Key"
              rows={usage.keys.map(({ key_id, name, ...figures }) => ({
                id: key_id ?? name,
                name,
                mode: (key_id && modes.get(key_id)) || null,
                figures,
              }))}
            />
          </Section>
          <Section title="By route">
            <FigureTable
              first="Route"
              isCode
              rows={usage.routes.map(({ route, ...figures }) => ({
                id: route,
                name: route,
                mode: null,
                figures,
              }))}
            />
          </Section>
        </>
      )}
    </div>
  )
}

function UsageSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="space-y-8">
      <Skeleton className="h-[76px] rounded-lg" />
      <Skeleton className="h-[300px] rounded-lg" />
      <Skeleton className="h-40 rounded-lg" />
    </div>
  )
}

/** Follows what happens, asking at most once a second. */
function useLiveUsage(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null
    void loadUsage()
    const unlisten = listen({
      connected: loadUsage,
      events: (events) => {
        if (timer !== null || !events.some(isUse)) return
        timer = setTimeout(() => {
          timer = null
          void loadUsage()
        }, refreshMs)
      },
    })
    return () => {
      unlisten()
      if (timer !== null) clearTimeout(timer)
    }
  }, [])
}
