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
import { RuleRow } from './rule-row.tsx'

/** Alerts, open and over; and the rules that raise them. One that was linked to is marked. */
export function AlertsView({ place }: { place: string }) {
  const isRules = place === alertRulesRouteId
  useHotkeys({ escape: () => go('usage') })
  return (
    <Page
      title="Alerts"
      width="wide"
      actions={
        <>
          <Segmented
            label="Show"
            value={isRules ? alertRulesRouteId : alertsRouteId}
            onChange={(next) => go('usage', next, true)}
            options={[
              { value: alertsRouteId, label: 'Alerts' },
              { value: alertRulesRouteId, label: 'Rules' },
            ]}
          />
          <Button icon={ChartColumn} onClick={() => go('usage')}>
            Usage
          </Button>
        </>
      }
    >
      {isRules ? <Rules /> : <AlertLists marked={place === alertsRouteId ? null : place} />}
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
  const over = alerts.value.filter(({ state }) => state === 'cleared')
  return (
    <div className="space-y-6">
      <Section
        title="Open"
        description="What holds now. An alert closes by itself when it is over."
      >
        <AlertCard label="Open alerts" alerts={open} marked={marked} />
      </Section>
      {over.length > 0 && (
        <Section title="Over">
          <AlertCard label="Alerts that are over" alerts={over} marked={marked} />
          {hasMore && (
            <Button onClick={() => void loadOlderAlerts().catch(toastFailure)}>Show older</Button>
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
        <Empty icon={BellOff} title="Nothing unusual">
          An alert comes up here when a key is refused often, comes near its limit, is used from a
          new address, or when mail bounces or piles up.
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
    <Section
      title="Rules"
      description="What is watched for, every minute, and from which figures on. A change counts at once."
    >
      <Card>
        <ul aria-label="Alert rules" className="divide-y divide-line">
          {rules.value.map((rule) => (
            <RuleRow key={rule.rule} rule={rule} />
          ))}
        </ul>
      </Card>
    </Section>
  )
}
