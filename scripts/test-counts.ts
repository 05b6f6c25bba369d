import { existsSync, readFileSync } from 'node:fs'

export type Counts = {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** The names of those among the passed that failed at first. */
  readonly unsteady?: readonly string[]
}

type VitestReport = {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
}
type PlaywrightReport = {
  readonly stats: { expected: number; unexpected: number; flaky: number; skipped: number }
  readonly suites: readonly PlaywrightSuite[]
}
type PlaywrightSuite = {
  readonly suites?: readonly PlaywrightSuite[]
  readonly specs: readonly {
    readonly title: string
    readonly file: string
    readonly tests: readonly { readonly status: string }[]
  }[]
}

export function vitestCounts(report: string, exitCode: number): Counts {
  const read = readReport<VitestReport>(report)
  if (!read) return endedWithoutReport
  const skipped = read.numPendingTests + read.numTodoTests
  return withExitCode(
    { passed: read.numPassedTests, failed: read.numFailedTests, skipped },
    exitCode,
  )
}

export function playwrightCounts(report: string, exitCode: number): Counts {
  const read = readReport<PlaywrightReport>(report)
  if (!read) return endedWithoutReport
  const { expected, unexpected: failed, flaky, skipped } = read.stats
  const unsteady = read.suites.flatMap(unsteadyIn)
  return withExitCode({ passed: expected + flaky, failed, skipped, unsteady }, exitCode)
}

function unsteadyIn({ suites = [], specs }: PlaywrightSuite): string[] {
  const unsteady = specs.filter(({ tests }) => tests.some(({ status }) => status === 'flaky'))
  return [...unsteady.map(({ file, title }) => `${file}: ${title}`), ...suites.flatMap(unsteadyIn)]
}

const endedWithoutReport: Counts = { passed: 0, failed: 1, skipped: 0 }

/** A file that does not load or an error outside any test fails the run without failing a test. */
function withExitCode(counts: Counts, exitCode: number): Counts {
  const isUncounted = exitCode !== 0 && counts.failed === 0
  return isUncounted ? { ...counts, failed: 1 } : counts
}

function readReport<R>(file: string): R | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as R) : null
}
