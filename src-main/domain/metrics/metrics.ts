import { isLoopback } from '../../base/ip-addresses.ts'
import { Fault } from '../../contract/faults.ts'
import { consoleCaller, requirePermission } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { Limits } from '../limits/limits.ts'
import type { Relays } from '../relays/relays.ts'
import type { Counters } from './counters.ts'
import { type Latency, latencyBoundsMs } from './latency.ts'

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
  const { counters, keys, limits, deliveries, relays, inbox, version } = deps

  /** Relays that are not known to be unreachable; SelfMX's alert rule fires at 0. */
  function reachableRelays(): number {
    return relays.list(consoleCaller).filter(({ health }) => health !== 'critical').length
  }

  return {
    /** Allows this machine without a key; any other needs a live key without a tenant. */
    authorize(authorization: string | undefined, address: string): void {
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
    },

    text(): string {
      const events = (type: string): number => counters.events.get(type) ?? 0
      const captured = events('captured')
      const accepted = captured + events('queued')
      const queued = deliveries.depth()
      const http = [...counters.responses.values()].filter(({ route }) => route !== 'SMTP')
      const requests = http.reduce((total, { count }) => total + count, 0)
      const refused = [...counters.refused].map(([code, count]) => ({
        labels: { code },
        value: count,
      }))
      const relayErrors = [...counters.relayErrors].map(([type, count]) => ({
        labels: { type },
        value: count,
      }))
      const sessions = counters.sessions()
      const inboxes = inbox.inboxes(consoleCaller)
      return [
        counter('selfmx_emails_total', 'Accepted emails, including captured ones', accepted),
        gauge('selfmx_emails_queued', 'Queued live emails', queued),
        counter('selfmx_emails_delivered', 'Delivered recipients', events('delivered')),
        counter('selfmx_emails_bounced', 'Bounced recipients', events('bounced')),
        counter('selfmx_emails_failed', 'Failed recipients', events('failed')),
        counter('selfmx_api_requests_total', 'HTTP requests', requests),
        histogram('selfmx_api_request_duration', 'Response time in seconds', counters.httpLatency),
        metric('selfmx_api_errors_total', 'counter', 'Refusals by code', refused),
        gauge('selfmx_smtp_connections', 'Reachable relays', reachableRelays()),
        histogram(
          'selfmx_smtp_send_duration',
          'Duration of a delivery attempt in seconds',
          counters.sendLatency,
        ),
        metric(
          'selfmx_smtp_errors_total',
          'counter',
          'Recipients that a relay refused',
          relayErrors,
        ),
        metric('mailsage_build_info', 'gauge', 'The running version', [
          { labels: { version }, value: 1 },
        ]),
        gauge(
          'mailsage_start_time_seconds',
          'Start time in seconds since 1970',
          deps.startedAt / 1000,
        ),
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
        metric(
          'mailsage_refusals_total',
          'counter',
          'Refusals over HTTP and SMTP, by code',
          refused,
        ),
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
        gauge('mailsage_queue_depth', 'Queued live messages', queued),
        gauge('mailsage_smtp_sessions', 'Open SMTP sessions', sessions.open),
        counter('mailsage_smtp_sessions_total', 'SMTP sessions since the start', sessions.total),
        gauge('mailsage_inbox_messages', 'Captured messages', total(inboxes, 'total')),
        gauge('mailsage_inbox_unread', 'Unread captured messages', total(inboxes, 'unread')),
        gauge(
          'mailsage_api_keys',
          'API keys, without revoked ones',
          keys.list(consoleCaller).length,
        ),
        metric(
          'mailsage_alerts_open',
          'gauge',
          'Open alerts',
          Object.entries(deps.openAlerts()).map(([severity, value]) => ({
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
      ].join('')
    },
  }
}

type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number }

function counter(name: string, help: string, value: number): string {
  return metric(name, 'counter', help, [{ labels: {}, value }])
}

function gauge(name: string, help: string, value: number): string {
  return metric(name, 'gauge', help, [{ labels: {}, value }])
}

function metric(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  samples: readonly Sample[],
): string {
  return head(name, type, help) + samples.map((sample) => line(name, sample)).join('')
}

/** Cumulative buckets in seconds, as Prometheus expects. */
function histogram(name: string, help: string, { totalMs, counts }: Latency): string {
  let below = 0
  const buckets = counts.map((count, index) => {
    below += count
    const bound = latencyBoundsMs[index]
    const le = bound === undefined ? '+Inf' : String(bound / 1000)
    return line(`${name}_bucket`, { labels: { le }, value: below })
  })
  return [
    head(name, 'histogram', help),
    ...buckets,
    line(`${name}_sum`, { labels: {}, value: totalMs / 1000 }),
    line(`${name}_count`, { labels: {}, value: below }),
  ].join('')
}

function head(name: string, type: string, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}

function line(name: string, { labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`
}

function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, (mark) => (mark === '\n' ? '\\n' : `\\${mark}`))
}

function total(
  inboxes: readonly { readonly total: number; readonly unread: number }[],
  field: 'total' | 'unread',
): number {
  return inboxes.reduce((sum, counts) => sum + counts[field], 0)
}
