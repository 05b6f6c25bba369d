type Labels = Readonly<Record<string, string>>

export type Metric = {
  readonly type: string
  readonly help: string
  readonly samples: { readonly name: string; readonly labels: Labels; readonly value: number }[]
  readonly value: (labels?: Labels) => number | undefined
  /** The count of a histogram. */
  readonly count: number | undefined
}

const sampleLine =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$/
const label = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"/g

/** Prometheus' text format 0.0.4, strictly; throws at what a scraper would refuse. */
export function parseMetrics(text: string): Map<string, Metric> {
  if (!text.endsWith('\n')) throw new Error('The last line has no end')
  const metrics = new Map<string, Metric>()
  let help: readonly [name: string, help: string] | null = null
  let current: Metric | null = null
  let currentName = ''
  const seen = new Set<string>()
  for (const line of text.slice(0, -1).split('\n')) {
    const [, helped, words] = /^# HELP (\S+) (.+)$/.exec(line) ?? []
    if (helped !== undefined && words !== undefined) {
      help = [helped, words]
      continue
    }
    const [, typed, type] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line) ?? []
    if (typed !== undefined && type !== undefined) {
      if (help?.[0] !== typed) throw new Error(`${typed} has no help`)
      if (metrics.has(typed)) throw new Error(`${typed} is declared twice`)
      current = metricOf(typed, type, help[1])
      currentName = typed
      metrics.set(typed, current)
      continue
    }
    const found = sampleLine.exec(line)
    if (!found || !current) throw new Error(`Not a sample: ${line}`)
    const [, name = '', written = '', number = ''] = found
    const value = Number(number)
    if (!Number.isFinite(value)) throw new Error(`Not a number: ${line}`)
    const suffix = name.slice(currentName.length)
    const allowed = current.type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
    if (!name.startsWith(currentName) || !allowed.includes(suffix)) {
      throw new Error(`${name} stands below ${currentName}`)
    }
    if (seen.has(`${name}{${written}}`)) throw new Error(`${line} comes twice`)
    seen.add(`${name}{${written}}`)
    const labels = Object.fromEntries(
      [...written.matchAll(label)].map(([, key = '', text_ = '']) => [key, text_]),
    )
    current.samples.push({ name, labels, value })
  }
  for (const [name, metric] of metrics) if (metric.type === 'histogram') check(name, metric)
  return metrics
}

function metricOf(name: string, type: string, help: string): Metric {
  const samples: Metric['samples'] = []
  const find = (wanted: string, labels: Labels) =>
    samples.find(
      (sample) =>
        sample.name === wanted &&
        Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )?.value
  return {
    type,
    help,
    samples,
    value: (labels = {}) => find(name, labels),
    get count() {
      return find(`${name}_count`, {})
    },
  }
}

/** Buckets increase, and the last one is +Inf and equals the count. */
function check(name: string, { samples, count }: Metric): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`)
  const bounds = buckets.map(({ labels: { le } }) => (le === '+Inf' ? Infinity : Number(le)))
  const rises = (values: readonly number[]) =>
    values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0))
  if (!rises(bounds) || bounds.at(-1) !== Infinity) throw new Error(`${name} has wrong bounds`)
  if (!rises(buckets.map(({ value }) => value))) throw new Error(`${name} is not cumulative`)
  if (buckets.at(-1)?.value !== count) throw new Error(`${name} has a count of its own`)
}
