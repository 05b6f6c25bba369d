import { BellOff, ChartColumn } from 'lucide-react'
import { useEffect } from 'react'
import type { Alert } from '../../../src-main/contract/alerts.ts'
import {
  alertRulesRouteId,
  alertsRouteId,
  loadAlertRules,
  loadAlerts,
  loadOlderAlerts,
  useAlerts,
} from '../../app/alerts.ts'
import { go } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Card, Page, Section } from '../../ui/page.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { AlertRow } from './alert-row.tsx'
import { usageLabels } from './labels.ts'
import { RuleRow } from './rule-row.tsx'

/** Alerts and their rules. `page` is one of both, or the id of a linked alert. */
export function AlertsView({ page }: { page: string }) {
  const isRules = page === alertRulesRouteId
  useHotkeys({ escape: () => go('usage') })
  return (
    <Page
      title={usageLabels.alerts.title}
      width="wide"
      actions={
        <>
          <Segmented
            label={usageLabels.alerts.show}
            value={isRules ? alertRulesRouteId : alertsRouteId}
            onChange={(next) => go('usage', next, true)}
            options={[
              { value: alertsRouteId, label: usageLabels.alerts.title },
              { value: alertRulesRouteId, label: usageLabels.alerts.rules },
            ]}
          />
          <Button icon={ChartColumn} onClick={() => go('usage')}>
            {usageLabels.title}
          </Button>
        </>
      }
    >
      {isRules ? <Rules /> : <AlertLists marked={page === alertsRouteId ? null : page} />}
    </Page>
  )
}

function AlertLists({ marked }: { marked: string | null }) {
  const { alerts, hasMore } = useAlerts()
  useEffect(() => {
    if (marked === null) return
    document
      .querySelector(`[data-alert="${CSS.escape(marked)}"]`)
      ?.scrollIntoView({ block: 'center' })
  }, [marked])
  if (alerts.status === 'failed') return <Failure failure={alerts.failure} onRetry={loadAlerts} />
  if (alerts.status !== 'ready') {
    return (
      <Card>
        <SkeletonRows count={3} height={76} />
      </Card>
    )
  }
  const open = alerts.value.filter(({ state }) => state === 'open')
  const resolved = alerts.value.filter(({ state }) => state === 'cleared')
  return (
    <div className="space-y-6">
      <Section title={usageLabels.alerts.open} description={usageLabels.alerts.openHint}>
        <AlertCard label={usageLabels.alerts.openList} alerts={open} marked={marked} />
      </Section>
      {resolved.length > 0 && (
        <Section title={usageLabels.alerts.resolved}>
          <AlertCard label={usageLabels.alerts.resolvedList} alerts={resolved} marked={marked} />
          {hasMore && (
            <Button onClick={() => void loadOlderAlerts().catch(toastFailure)}>
              {usageLabels.alerts.older}
            </Button>
          )}
        </Section>
      )}
    </div>
  )
}

type AlertCardProps = { label: string; alerts: readonly Alert[]; marked: string | null }

function AlertCard({ label, alerts, marked }: AlertCardProps) {
  return (
    <Card>
      {alerts.length === 0 ? (
        <Empty icon={BellOff} title={usageLabels.alerts.none}>
          {usageLabels.alerts.noneHint}
        </Empty>
      ) : (
        <ul aria-label={label} className="divide-y divide-line">
          {alerts.map((alert) => (
            <AlertRow key={alert.id} alert={alert} isMarked={alert.id === marked} />
          ))}
        </ul>
      )}
    </Card>
  )
}

function Rules() {
  const rules = useAlerts((state) => state.rules)
  useEffect(() => void loadAlertRules(), [])
  if (rules.status === 'failed') return <Failure failure={rules.failure} onRetry={loadAlertRules} />
  if (rules.status !== 'ready') {
    return (
      <Card>
        <SkeletonRows count={10} height={76} />
      </Card>
    )
  }
  return (
    <Section title={usageLabels.alerts.rules} description={usageLabels.alerts.rulesHint}>
      <Card>
        <ul aria-label={usageLabels.alerts.rulesList} className="divide-y divide-line">
          {rules.value.map((rule) => (
            <RuleRow key={rule.rule} rule={rule} />
          ))}
        </ul>
      </Card>
    </Section>
  )
}
