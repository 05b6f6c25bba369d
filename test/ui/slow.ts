import type { Page } from '@playwright/test'

/** `SLOW=6` throttles the CPU 6 times and delays responses, to expose races. */
const slowness = Number(process.env.SLOW ?? 1)

/** Throttles a page as `SLOW` says; by default not at all. */
export async function slowDown(page: Page): Promise<void> {
  if (slowness <= 1) return
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowness })
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 30 * slowness,
    downloadThroughput: -1,
    uploadThroughput: -1,
  })
}
