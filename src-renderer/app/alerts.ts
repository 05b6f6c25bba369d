import { create } from 'zustand'
import type { Alert, AlertRule, AlertRuleName } from '../../src-main/contract/alerts.ts'
import type { Event } from '../../src-main/contract/events.ts'
import { failed, type Load, loading, ready } from '../ui/load.ts'
import { dismissToast, toast } from '../ui/toasts.tsx'
import { listen } from './live.ts'
import { request } from './request.ts'
import { go } from './router.ts'

type AlertsState = {
  /** How many are open now. */
  readonly open: number
  /** Open and over, newest first. */
  readonly alerts: Load<readonly Alert[]>
  readonly hasMore: boolean
  readonly rules: Load<readonly AlertRule[]>
}

/** Alerts are seen in the sidebar, on the charts and in a list of their own: known once for all. */
export const useAlerts = create<AlertsState>(() => ({
  open: 0,
  alerts: loading,
  hasMore: false,
  rules: loading,
}))

const pageSize = 100

/** Where alerts, their rules or one of them are shown. */
export const alertsRouteId = 'alerts'
export const alertRulesRouteId = 'alert-rules'

export async function loadAlerts(): Promise<void> {
  try {
    const page = await request('GET /v1/alerts', { query: { limit: pageSize } })
    useAlerts.setState({ open: page.open, alerts: ready(page.data), hasMore: page.has_more })
  } catch (cause) {
    useAlerts.setState(({ alerts }) => (alerts.status === 'ready' ? {} : { alerts: failed(cause) }))
  }
}

export async function loadOlderAlerts(): Promise<void> {
  const { alerts } = useAlerts.getState()
  const last = alerts.status === 'ready' ? alerts.value.at(-1) : undefined
  if (!last) return
  const page = await request('GET /v1/alerts', { query: { limit: pageSize, before: last.id } })
  useAlerts.setState((state) => ({
    hasMore: page.has_more,
    alerts: state.alerts.status === 'ready' ? ready([...state.alerts.value, ...page.data]) : alerts,
  }))
}

export async function acknowledgeAlert(id: string): Promise<void> {
  const changed = await request('POST /v1/alerts/{id}/acknowledge', { params: { id } })
  useAlerts.setState(({ alerts }) =>
    alerts.status === 'ready'
      ? { alerts: ready(alerts.value.map((alert) => (alert.id === id ? changed : alert))) }
      : {},
  )
}

export async function loadAlertRules(): Promise<void> {
  try {
    const { data } = await request('GET /v1/alerts/rules')
    useAlerts.setState({ rules: ready(data) })
  } catch (cause) {
    useAlerts.setState(({ rules }) => (rules.status === 'ready' ? {} : { rules: failed(cause) }))
  }
}

/** Null brings back the rule's defaults. */
export async function changeAlertRule(
  rule: AlertRuleName,
  change: AlertRule['settings'] | null,
): Promise<void> {
  const { data } = await request('PATCH /v1/alerts/rules', { body: { [rule]: change } })
  useAlerts.setState({ rules: ready(data) })
}

/** Tells of an alert wherever somebody is. */
function tell({ data }: Event): void {
  if (data.state !== 'open' || typeof data.alert !== 'string') return
  const id = data.alert
  toast(String(data.message), {
    id,
    tone: 'failure',
    stayMs: 12_000,
    action: {
      label: 'Show',
      run: () => {
        dismissToast(id)
        go('usage', id)
      },
    },
  })
}

listen({
  connected: loadAlerts,
  events: (events) => {
    const told = events.filter(({ type }) => type === 'alert')
    for (const event of told) tell(event)
    if (told.length > 0 || events.some(({ type }) => type === 'alert.acknowledged')) {
      void loadAlerts()
    }
    if (events.some(({ type }) => type === 'alert.rules_updated')) void loadAlertRules()
  },
})
