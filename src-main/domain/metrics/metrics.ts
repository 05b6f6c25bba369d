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

/** The counters in Prometheus' words (text format 0.0.4): SelfMX's names first, then ours. */
export function createMetrics(deps: MetricDeps) {
  const { counters, keys, limits, deliveries, relays, inbox, version } = deps

  /** How many relays can be reached, as far as is known; SelfMX's rule fires at 0. */
  function connectedRelays(): number {
    return relays.list(consoleCaller).filter(({ health }) => health !== 'critical').length
  }

  return {
    /** Open to this machine; elsewhere a key of the whole installation is asked for. */
    admit(authorization: string | undefined, address: string): void {
      if (isLoopback(address)) return
      const [, key] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? []
      if (key === undefined) {
        throw new Fault(
          'missing_api_key',
          'From another machine the metrics need a key. Send it as “Authorization: Bearer YOUR_API_KEY”.',
        )
      }
      const caller = keys.authenticate(key, address)
      const { refusal } = limits.admit(caller)
      if (refusal) throw refusal
      requirePermission(caller, 'usage:read')
      if (caller.mode === 'test') {
        throw new Fault(
          'insufficient_permissions',
          'The metrics count live mail, which a test key cannot see. Use a live key.',
        )
      }
      if (caller.tenantId === null) return
      throw new Fault(
        'insufficient_permissions',
        'The metrics are those of the whole installation, and this key belongs to a tenant. Use a key without one.',
      )
    },

    text(): string {
      const of = (type: string): number => counters.events.get(type) ?? 0
      const captured = of('captured')
      const accepted = captured + of('queued')
      const queued = deliveries.depth()
      const answers = [...counters.answered.values()]
      const http = answers.filter(({ route }) => route !== 'SMTP')
      const requests = http.reduce((total, { count }) => total + count, 0)
      const refused = [...counters.refused].map(([code, count]) => ({
        labels: { code },
        value: count,
      }))
      const relayErrors = [...counters.relayErrors].map(([type, count]) => ({
        labels: { type },
        value: count,
      }))
      const { open, all } = counters.sessions()
      const inboxes = inbox.inboxes(consoleCaller)
      return [
        counter('selfmx_emails_total', 'Emails accepted, captured ones included', accepted),
        gauge('selfmx_emails_queued', 'Live emails waiting to be sent', queued),
        counter('selfmx_emails_delivered', 'Recipients delivered to', of('delivered')),
        counter('selfmx_emails_bounced', 'Recipients bounced', of('bounced')),
        counter('selfmx_emails_failed', 'Recipients given up', of('failed')),
        counter('selfmx_api_requests_total', 'HTTP requests answered', requests),
        histogram('selfmx_api_request_duration', 'Seconds to an answer', counters.httpLatency),
        metric('selfmx_api_errors_total', 'counter', 'Refusals by code', refused),
        gauge('selfmx_smtp_connections', 'Relays that can be reached', connectedRelays()),
        histogram('selfmx_smtp_send_duration', 'Seconds an attempt took', counters.sendLatency),
        metric(
          'selfmx_smtp_errors_total',
          'counter',
          'Recipients a relay did not take',
          relayErrors,
        ),
        metric('mailsage_build_info', 'gauge', 'The version that runs', [
          { labels: { version }, value: 1 },
        ]),
        gauge('mailsage_start_time_seconds', 'When it started', deps.startedAt / 1000),
        metric(
          'mailsage_http_requests_total',
          'counter',
          'HTTP requests answered, by route and status',
          http.map(({ route, status, count }) => ({
            labels: { route, status: String(status) },
            value: count,
          })),
        ),
        histogram(
          'mailsage_http_request_duration_seconds',
          'Seconds to an answer; streams left out',
          counters.httpLatency,
        ),
        metric('mailsage_refusals_total', 'counter', 'Refusals at both doors, by code', refused),
        counter('mailsage_messages_captured_total', 'Messages captured', captured),
        counter('mailsage_messages_queued_total', 'Live messages accepted', of('queued')),
        metric(
          'mailsage_deliveries_total',
          'counter',
          'Attempts by how they ended, in recipients',
          ['delivered', 'deferred', 'bounced', 'failed'].map((outcome) => ({
            labels: { outcome },
            value: of(outcome),
          })),
        ),
        gauge('mailsage_queue_depth', 'Live messages waiting to be sent', queued),
        gauge('mailsage_smtp_sessions', 'SMTP sessions open', open),
        counter('mailsage_smtp_sessions_total', 'SMTP sessions opened', all),
        gauge('mailsage_inbox_messages', 'Captured messages', total(inboxes, 'total')),
        gauge('mailsage_inbox_unread', 'Captured messages not read', total(inboxes, 'unread')),
        gauge('mailsage_api_keys', 'Keys that are not revoked', keys.list(consoleCaller).length),
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
          'Events of the log',
          [...counters.events.values()].reduce((sum, count) => sum + count, 0),
        ),
        gauge('mailsage_resident_memory_bytes', 'Memory of the process', process.memoryUsage.rss()),
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

/** Cumulative, as Prometheus has it, and in seconds. */
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
  const written = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
  return `${name}${written.length > 0 ? `{${written.join(',')}}` : ''} ${value}\n`
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
