import { isLoopback } from '../../base/ip-addresses.ts'
import { Fault } from '../../contract/faults.ts'
import { consoleCaller, requirePermission } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { Limits } from '../limits/limits.ts'
import type { Relays } from '../relays/relays.ts'
import type { Counters } from './counters.ts'
import { counter, gauge, histogram, metric } from './prometheus.ts'

export type Metrics = ReturnType<typeof createMetrics>

type MetricDeps = {
  readonly counters: Counters
  readonly keys: Keys
  readonly limits: Limits
  readonly deliveries: Deliveries
  readonly relays: Relays
  readonly inbox: Inbox
  readonly openAlerts: () => Readonly<Record<string, number>>
  readonly startedAt: number
  readonly version: string
}

/** The counters in Prometheus text format 0.0.4: SelfMX's names first, then MailSage's. */
export function createMetrics(deps: MetricDeps) {
  return {
    /** Allows this machine without a key; any other needs a live key without a tenant. */
    authorize: (authorization: string | undefined, address: string): void =>
      authorize(deps, authorization, address),

    text(): string {
      const figures = readFigures(deps)
      return [
        ...selfmxMetrics(deps, figures),
        ...trafficMetrics(deps, figures),
        ...stateMetrics(deps, figures),
      ].join('')
    },
  }
}

function authorize(
  { keys, limits }: MetricDeps,
  authorization: string | undefined,
  address: string,
): void {
  if (isLoopback(address)) return
  const [, key] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? []
  if (key === undefined) {
    throw new Fault(
      'missing_api_key',
      'Metrics requests from another machine need a key. Send “Authorization: Bearer YOUR_API_KEY”.',
    )
  }
  const caller = keys.authenticate(key, address)
  const { refusal } = limits.admit(caller)
  if (refusal) throw refusal
  requirePermission(caller, 'usage:read')
  if (caller.mode === 'test') {
    throw new Fault(
      'insufficient_permissions',
      'The metrics include live mail, which a test key cannot see. Use a live key.',
    )
  }
  if (caller.tenantId === null) return
  throw new Fault(
    'insufficient_permissions',
    'The metrics cover all tenants, and this key belongs to one. Use a key without a tenant.',
  )
}

type Figures = ReturnType<typeof readFigures>

/** The figures that several metrics share. */
function readFigures({ counters, deliveries }: MetricDeps) {
  const events = (type: string): number => counters.events.get(type) ?? 0
  const refused = [...counters.refused].map(([code, value]) => ({ labels: { code }, value }))
  return {
    events,
    captured: events('captured'),
    queued: deliveries.depth(),
    http: [...counters.responses.values()].filter(({ route }) => route !== 'SMTP'),
    refused,
  }
}

function selfmxMetrics({ counters, relays }: MetricDeps, figures: Figures): string[] {
  const { events, captured, queued, http, refused } = figures
  const accepted = captured + events('queued')
  const requests = http.reduce((total, { count }) => total + count, 0)
  const relayErrors = [...counters.relayErrors].map(([type, value]) => ({
    labels: { type },
    value,
  }))
  return [
    counter('selfmx_emails_total', 'Accepted emails, including captured ones', accepted),
    gauge('selfmx_emails_queued', 'Queued live emails', queued),
    counter('selfmx_emails_delivered', 'Delivered recipients', events('delivered')),
    counter('selfmx_emails_bounced', 'Bounced recipients', events('bounced')),
    counter('selfmx_emails_failed', 'Failed recipients', events('failed')),
    counter('selfmx_api_requests_total', 'HTTP requests', requests),
    histogram('selfmx_api_request_duration', 'Response time in seconds', counters.httpLatency),
    metric('selfmx_api_errors_total', 'counter', 'Refusals by code', refused),
    gauge('selfmx_smtp_connections', 'Reachable relays', reachableRelays(relays)),
    histogram(
      'selfmx_smtp_send_duration',
      'Duration of a delivery attempt in seconds',
      counters.sendLatency,
    ),
    metric('selfmx_smtp_errors_total', 'counter', 'Recipients that a relay refused', relayErrors),
  ]
}

function trafficMetrics(
  { counters, version, startedAt }: MetricDeps,
  { events, captured, http, refused }: Figures,
): string[] {
  return [
    metric('mailsage_build_info', 'gauge', 'The running version', [
      { labels: { version }, value: 1 },
    ]),
    gauge('mailsage_start_time_seconds', 'Start time in seconds since 1970', startedAt / 1000),
    metric(
      'mailsage_http_requests_total',
      'counter',
      'HTTP requests by route and status',
      http.map(({ route, status, count }) => ({
        labels: { route, status: String(status) },
        value: count,
      })),
    ),
    histogram(
      'mailsage_http_request_duration_seconds',
      'Response time in seconds, without streams',
      counters.httpLatency,
    ),
    metric('mailsage_refusals_total', 'counter', 'Refusals over HTTP and SMTP, by code', refused),
    counter('mailsage_messages_captured_total', 'Captured messages since the start', captured),
    counter('mailsage_messages_queued_total', 'Accepted live messages', events('queued')),
    metric(
      'mailsage_deliveries_total',
      'counter',
      'Delivery attempts by outcome, in recipients',
      ['delivered', 'deferred', 'bounced', 'failed'].map((outcome) => ({
        labels: { outcome },
        value: events(outcome),
      })),
    ),
  ]
}

function stateMetrics(
  { counters, keys, inbox, openAlerts }: MetricDeps,
  { queued }: Figures,
): string[] {
  const sessions = counters.sessions()
  const inboxes = inbox.inboxes(consoleCaller)
  return [
    gauge('mailsage_queue_depth', 'Queued live messages', queued),
    gauge('mailsage_smtp_sessions', 'Open SMTP sessions', sessions.open),
    counter('mailsage_smtp_sessions_total', 'SMTP sessions since the start', sessions.total),
    gauge('mailsage_inbox_messages', 'Captured messages', total(inboxes, 'total')),
    gauge('mailsage_inbox_unread', 'Unread captured messages', total(inboxes, 'unread')),
    gauge('mailsage_api_keys', 'API keys, without revoked ones', keys.list(consoleCaller).length),
    metric(
      'mailsage_alerts_open',
      'gauge',
      'Open alerts',
      Object.entries(openAlerts()).map(([severity, value]) => ({
        labels: { severity },
        value,
      })),
    ),
    counter(
      'mailsage_events_total',
      'Events in the event log since the start',
      [...counters.events.values()].reduce((sum, count) => sum + count, 0),
    ),
    gauge(
      'mailsage_resident_memory_bytes',
      'Resident memory of the process',
      process.memoryUsage.rss(),
    ),
  ]
}

/** Relays that are not known to be unreachable; SelfMX's alert rule fires at 0. */
function reachableRelays(relays: Relays): number {
  return relays.list(consoleCaller).filter(({ health }) => health !== 'critical').length
}

function total(
  inboxes: readonly { readonly total: number; readonly unread: number }[],
  field: 'total' | 'unread',
): number {
  return inboxes.reduce((sum, counts) => sum + counts[field], 0)
}
