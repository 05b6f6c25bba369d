import { existsSync, readFileSync } from 'node:fs'

export type Counts = {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

type VitestReport = {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
}
type PlaywrightReport = {
  readonly stats: { expected: number; unexpected: number; flaky: number; skipped: number }
}

/** The part of schemathesis' JSON report that is counted. */
type SchemathesisReport = {
  readonly operations: { readonly tested: number }
  readonly failures: readonly { readonly operations: readonly string[] }[]
  readonly errors: readonly { readonly count: number }[]
}

/** Counts operations: each passes all its requests, or fails. */
export function schemathesisCounts(report: string, exitCode: number): Counts {
  const read = readReport<SchemathesisReport>(report)
  if (!read) return endedWithoutReport
  const failing = new Set(read.failures.flatMap(({ operations }) => operations)).size
  const errors = read.errors.reduce((sum, { count }) => sum + count, 0)
  const passed = Math.max(0, read.operations.tested - failing)
  return withExitCode({ passed, failed: failing + errors, skipped: 0 }, exitCode)
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

/** A test that passes only at a later try has failed. */
export function playwrightCounts(report: string, exitCode: number): Counts {
  const read = readReport<PlaywrightReport>(report)
  if (!read) return endedWithoutReport
  const { expected, unexpected, flaky, skipped } = read.stats
  return withExitCode({ passed: expected, failed: unexpected + flaky, skipped }, exitCode)
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
