import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { playwrightCounts, schemathesisCounts, vitestCounts } from '../../scripts/test-counts.ts'

const root = join(import.meta.dirname, '../..')
// Inside the project, so that the specs find the tools that read them.
mkdirSync(join(root, 'test-results'), { recursive: true })
const folder = mkdtempSync(join(root, 'test-results/counted-'))
// By default Playwright empties the results folder of the project.
writeFileSync(
  join(folder, 'playwright.config.ts'),
  "export default { testDir: '.', outputDir: './results' }\n",
)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function run(tool: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { VITEST: _, ...environment } = process.env
  const child = spawn(process.execPath, [join(root, 'node_modules', tool), ...args], {
    cwd: folder,
    env: { ...environment, ...env },
    stdio: 'ignore',
  })
  const [exitCode] = (await once(child, 'exit')) as [number]
  return exitCode
}

async function playwright(name: string, tests: string) {
  const report = join(folder, `${name}.json`)
  writeFileSync(
    join(folder, `${name}.spec.ts`),
    `import { test } from '@playwright/test'\n${tests}\n`,
  )
  const args = ['test', `${name}.spec.ts`, '--retries=1', '--reporter=json']
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: report }
  return playwrightCounts(report, await run('@playwright/test/cli.js', args, env))
}

const fine = "test('fine', () => {})"

it('A test that passes at its second attempt has failed', async () => {
  const counts = await playwright(
    'second',
    `${fine}\ntest.describe('those', () => { test('shaky', ({}, info) => { if (info.retry === 0) throw new Error('no') }) })`,
  )
  expect(counts).toEqual({ passed: 1, failed: 1, skipped: 0 })
}, 60_000)

it('A test that fails twice counts once, and a skipped one neither passes nor fails', async () => {
  const counts = await playwright(
    'never',
    `${fine}\ntest('broken', () => { throw new Error('no') })\ntest.skip('later', () => {})`,
  )
  expect(counts).toEqual({ passed: 1, failed: 1, skipped: 1 })
}, 60_000)

it('A file that does not load fails the run, and so does a run without a report', async () => {
  expect(await playwright('unreadable', "throw new Error('at once')")).toMatchObject({
    passed: 0,
    failed: 1,
  })
  expect(playwrightCounts(join(folder, 'nowhere.json'), 0)).toMatchObject({ passed: 0, failed: 1 })

  writeFileSync(join(folder, 'good.test.ts'), `import { test } from 'vitest'\n${fine}\n`)
  writeFileSync(join(folder, 'bad.test.ts'), "throw new Error('at once')\n")
  const report = join(folder, 'vitest.json')
  const args = ['run', '--root', folder, '--reporter=json', `--outputFile=${report}`]
  const exitCode = await run('vitest/vitest.mjs', args)
  expect(vitestCounts(report, exitCode)).toEqual({ passed: 1, failed: 1, skipped: 0 })
}, 60_000)

it.each([
  ['nothing found', [], [], 0, { passed: 3, failed: 0, skipped: 0 }],
  [
    'two findings of one operation',
    [{ operations: ['GET /a'] }, { operations: ['GET /a'] }],
    [],
    1,
    { passed: 2, failed: 1, skipped: 0 },
  ],
  [
    'an operation that could not be asked',
    [],
    [{ count: 1 }],
    1,
    { passed: 3, failed: 1, skipped: 0 },
  ],
  ['an end that nothing explains', [], [], 2, { passed: 3, failed: 1, skipped: 0 }],
])('Schemathesis counts operations: %s', (_title, failures, errors, exitCode, counts) => {
  const report = join(folder, 'schemathesis.json')
  writeFileSync(report, JSON.stringify({ operations: { tested: 3 }, failures, errors }))
  expect(schemathesisCounts(report, exitCode)).toEqual(counts)
  expect(schemathesisCounts(join(folder, 'none.json'), 0)).toMatchObject({ passed: 0, failed: 1 })
})
