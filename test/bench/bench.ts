import { join } from 'node:path'
import autocannon from 'autocannon'
import { buildIfStale } from '../../scripts/build.ts'
import { type LoadResult, loadConnectionEach, loadKept } from './smtp-load.ts'
import { startCeiling, startMaildev, startMailsage, type Target } from './targets.ts'

/**
 * Speed as ratios: MailSage beside its ceiling and beside a peer, in turn, several rounds, in one
 * run. Absolute figures belong to the machine they were measured on.
 *
 *   npm run bench -- [--rounds 5] [--seconds 1.5] [--only "32 connections, 1 KiB"] [--json]
 */
const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`)
  return at === -1 ? undefined : process.argv[at + 1]
}
const rounds = Number(option('rounds') ?? 5)
const seconds = Number(option('seconds') ?? 1.5)
const only = option('only') ?? ''
/** A warm-up: code is compiled while it runs, and the compiler is not measured. */
const warmUpRounds = 3
const asJson = process.argv.includes('--json')

type Scenario = {
  readonly name: string
  readonly measure: (target: Target) => Promise<LoadResult>
  readonly targets: readonly Target[]
}

type Row = {
  readonly scenario: string
  readonly target: string
  readonly perSecond: number
  readonly medianMs: number
  readonly p99Ms: number
  readonly errors: number
  /** MailSage divided by this target, round by round: median, lowest, highest. */
  readonly mailsageRatio: readonly [number, number, number]
}

function smtp(
  load: typeof loadKept,
  connections: number,
  sizeBytes: number,
): (target: Target) => Promise<LoadResult> {
  return (target) =>
    load({ port: target.smtpPort ?? 0, connections, sizeBytes, seconds, key: target.key })
}

const body = JSON.stringify({
  from: 'App <app@example.com>',
  to: 'ann@example.com',
  subject: 'Bench',
  text: 'The quick brown fox jumps over the lazy dog. '.repeat(20),
})

async function http(target: Target): Promise<LoadResult> {
  const result = await autocannon({
    url: `http://127.0.0.1:${target.httpPort}/v1/send`,
    method: 'POST',
    headers: { authorization: `Bearer ${target.key}`, 'content-type': 'application/json' },
    body,
    connections: 32,
    duration: Math.max(1, Math.round(seconds)),
  })
  return {
    perSecond: result['2xx'] / result.duration,
    medianMs: result.latency.p50,
    p99Ms: result.latency.p99,
    errors: result.non2xx + result.errors,
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Each round measures every target once, in turn, so that a slow minute hits them all. */
async function run({ name, measure, targets }: Scenario): Promise<Row[]> {
  const results = new Map<Target, LoadResult[]>(targets.map((target) => [target, []]))
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    for (const target of targets) {
      const result = await measure(target)
      if (round >= warmUpRounds) results.get(target)?.push(result)
    }
  }
  const ours =
    results.get(targets.find((target) => target.name === 'MailSage') ?? (targets[0] as Target)) ??
    []
  return targets.map((target) => {
    const theirs = results.get(target) ?? []
    const ratios = ours.map(
      (result, round) => result.perSecond / (theirs[round]?.perSecond ?? Number.NaN),
    )
    return {
      scenario: name,
      target: target.name,
      perSecond: median(theirs.map((result) => result.perSecond)),
      medianMs: median(theirs.map((result) => result.medianMs)),
      p99Ms: median(theirs.map((result) => result.p99Ms)),
      errors: theirs.reduce((sum, result) => sum + result.errors, 0),
      mailsageRatio: [median(ratios), Math.min(...ratios), Math.max(...ratios)],
    }
  })
}

function print(rows: readonly Row[]): void {
  for (const row of rows) {
    const [middle, low, high] = row.mailsageRatio.map((ratio) => ratio.toFixed(2))
    const ratio = row.target === 'MailSage' ? '' : `MailSage is x${middle} (${low}–${high})`
    console.log(
      `${row.scenario.padEnd(40)} ${row.target.padEnd(14)} ${row.perSecond.toFixed(0).padStart(7)}/s  ` +
        `p50 ${row.medianMs.toFixed(2).padStart(8)} ms  p99 ${row.p99Ms.toFixed(2).padStart(8)} ms  ` +
        `${row.errors === 0 ? '' : `${row.errors} errors  `}${ratio}`,
    )
  }
}

async function main(): Promise<void> {
  buildIfStale(join(import.meta.dirname, '..', '..'), console.error)
  const open: Target[] = []
  const started = async (target: Promise<Target>): Promise<Target> => {
    open.push(await target)
    return target
  }
  try {
    const ceiling = await started(startCeiling('smtp'))
    const httpCeiling = await started(startCeiling('http'))
    const mailsage = await started(startMailsage())
    const maildev = await started(startMaildev()).catch((error: unknown) => {
      console.error(`Without the peer: ${error instanceof Error ? error.message : error}`)
      return null
    })
    const all = [ceiling, mailsage, ...(maildev ? [maildev] : [])]
    const kib = 1024
    const scenarios: readonly Scenario[] = [
      { name: 'SMTP, 1 connection, 1 KiB', measure: smtp(loadKept, 1, kib), targets: all },
      { name: 'SMTP, 32 connections, 1 KiB', measure: smtp(loadKept, 32, kib), targets: all },
      { name: 'SMTP, 1 connection, 100 KiB', measure: smtp(loadKept, 1, 100 * kib), targets: all },
      {
        name: 'SMTP, 32 connections, 100 KiB',
        measure: smtp(loadKept, 32, 100 * kib),
        targets: all,
      },
      {
        name: 'SMTP, connection per message, 1 KiB',
        measure: smtp(loadConnectionEach, 1, kib),
        targets: all,
      },
      {
        name: 'HTTP POST /v1/send, 32 connections',
        measure: http,
        targets: [httpCeiling, mailsage],
      },
    ]
    const rows: Row[] = []
    for (const scenario of scenarios.filter(({ name }) => name.includes(only))) {
      const measured = await run(scenario)
      if (!asJson) print(measured)
      rows.push(...measured)
    }
    if (asJson)
      console.log(JSON.stringify({ rounds, seconds, node: process.version, rows }, null, 2))
  } finally {
    for (const target of open.reverse()) await target.close()
  }
}

await main()
