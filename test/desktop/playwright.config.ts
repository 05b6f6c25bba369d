import { defineConfig } from '@playwright/test'

if (!process.env.MAILSAGE_ELECTRON) {
  throw new Error('Run these tests with `npm test -- desktop`, which finds an Electron for them.')
}

// biome-ignore lint/style/noDefaultExport: Playwright reads this one
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results/desktop',
  // Each test has its own Electron; several at once would overload the machine.
  workers: 1,
  timeout: 60_000,
  forbidOnly: process.env.CI === 'true',
  reporter: 'list',
})
