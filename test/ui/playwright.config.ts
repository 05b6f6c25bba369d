import { defineConfig } from '@playwright/test'

// biome-ignore lint/style/noDefaultExport: Playwright reads the default export
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results/ui',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // Each worker has its own browser and server.
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  projects: [
    { name: 'window', testIgnore: 'speed.spec.ts' },
    // Measurements run alone on the machine.
    { name: 'speed', testMatch: 'speed.spec.ts', dependencies: ['window'] },
  ],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    actionTimeout: 10_000,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-background-networking'],
    },
  },
})
