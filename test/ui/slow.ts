import type { Page } from '@playwright/test'

/** `SLOW=6` has the browser think six times slower and wait for every answer: what races, fails. */
const slowness = Number(process.env.SLOW ?? 1)

/** Makes a page as slow as this run asks for; as a rule, not at all. */
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
