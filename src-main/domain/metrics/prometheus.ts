import { type Latency, latencyBoundsMs } from './latency.ts'

/** Prometheus text format 0.0.4. */
export type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number }

export function counter(name: string, help: string, value: number): string {
  return metric(name, 'counter', help, [{ labels: {}, value }])
}

export function gauge(name: string, help: string, value: number): string {
  return metric(name, 'gauge', help, [{ labels: {}, value }])
}

export function metric(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  samples: readonly Sample[],
): string {
  return head(name, type, help) + samples.map((sample) => line(name, sample)).join('')
}

/** Cumulative buckets in seconds, as Prometheus expects. */
export function histogram(name: string, help: string, { totalMs, counts }: Latency): string {
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
