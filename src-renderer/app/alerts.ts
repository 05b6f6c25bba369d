import { create } from 'zustand'
import type { Alert, AlertRule, AlertRuleName } from '../../src-main/contract/alerts.ts'
import type { Event } from '../../src-main/contract/events.ts'
import { failed, type Load, loading, ready } from '../ui/load.ts'
import { dismissToast, toast } from '../ui/toasts.tsx'
import { appLabels } from './labels.ts'
import { listen } from './live.ts'
import { request } from './request.ts'
import { go } from './router.ts'

type AlertsState = {
  /** Number of open alerts. */
  readonly open: number
  /** Open and resolved, newest first. */
  readonly alerts: Load<readonly Alert[]>
  readonly hasMore: boolean
  readonly rules: Load<readonly AlertRule[]>
}

/** Shared by the sidebar, the charts and the alert list. */
export const useAlerts = create<AlertsState>(() => ({
  open: 0,
  alerts: loading,
  hasMore: false,
  rules: loading,
}))

const pageSize = 100

/** Ids of the routes below `#/usage/`. */
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

/** Null restores the rule's defaults. */
export async function changeAlertRule(
  rule: AlertRuleName,
  change: AlertRule['settings'] | null,
): Promise<void> {
  const { data } = await request('PATCH /v1/alerts/rules', { body: { [rule]: change } })
  useAlerts.setState({ rules: ready(data) })
}

/** Shows a toast on any screen. */
function notify({ data }: Event): void {
  if (data.state !== 'open' || typeof data.alert !== 'string') return
  const id = data.alert
  toast(String(data.message), {
    id,
    tone: 'failure',
    stayMs: 12_000,
    action: {
      label: appLabels.showAlert,
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
    const alerts = events.filter(({ type }) => type === 'alert')
    for (const event of alerts) notify(event)
    if (alerts.length > 0 || events.some(({ type }) => type === 'alert.acknowledged')) {
      void loadAlerts()
    }
    if (events.some(({ type }) => type === 'alert.rules_updated')) void loadAlertRules()
  },
})
