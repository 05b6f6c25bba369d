import { join } from 'node:path'
import { buildIfStale } from './build.ts'
import { type NotRun, type Suite, suites } from './suites.ts'
import type { Counts } from './test-counts.ts'

const root = join(import.meta.dirname, '..')
const isCi = process.env.CI === 'true'
const say = (line: string) => console.log(line)

async function main(): Promise<void> {
  const chosen = chooseSuites(process.argv.slice(2))
  buildIfStale(root, say)
  const results: [name: string, result: Counts | NotRun][] = []
  for (const [name, suite] of chosen) {
    say(`\n— ${name} —`)
    results.push([name, await suite(root)])
  }
  say('')
  for (const [name, result] of results) say(summarise(name, result))
  const passed = sum(results, (counts) => counts.passed)
  const failed = sum(results, (counts) => counts.failed)
  say(`${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}

function chooseSuites(names: readonly string[]): [string, Suite][] {
  const all = Object.entries(suites)
  const unknown = names.filter((name) => !(name in suites))
  if (unknown.length > 0) {
    throw new Error(
      `There is no suite ${unknown.join(', ')}; there are ${all.map(([n]) => n).join(', ')}`,
    )
  }
  return names.length === 0 ? all : all.filter(([name]) => names.includes(name))
}

function summarise(name: string, result: Counts | NotRun): string {
  const start = name.padEnd(14)
  if (!('passed' in result)) {
    const heading = isCi ? 'FAILED, because it cannot run' : 'NOT RUN'
    return `${start}${heading}: ${result.reason}\n${''.padEnd(14)}To run it: ${result.enable}`
  }
  const skipped = result.skipped > 0 ? `, ${result.skipped} SKIPPED` : ''
  return `${start}${result.passed} passed, ${result.failed} failed${skipped}`
}

/** In CI every test must run, so a skipped test counts as failed. */
const judged = ({ passed, failed, skipped }: Counts): Counts =>
  isCi ? { passed, failed: failed + skipped, skipped } : { passed, failed, skipped }

/** Where a machine must be able to run everything, what did not run has failed. */
function sum(
  results: readonly (readonly [string, Counts | NotRun])[],
  count: (counts: Counts) => number,
): number {
  const notRun: Counts = { passed: 0, failed: isCi ? 1 : 0, skipped: 0 }
  return results.reduce(
    (total, [, result]) => total + count('passed' in result ? judged(result) : notRun),
    0,
  )
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  say('0 passed, 1 failed')
  process.exitCode = 1
})
