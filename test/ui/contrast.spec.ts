import { AxeBuilder } from '@axe-core/playwright'
import { deliver, expect, test } from './fixtures.ts'
import { typicalMails } from './sample-mails.ts'

const screens =
  'inbox outbox connect keys templates webhooks usage logs relays tenants settings'.split(' ')

test('Every screen has a contrast of 7:1 when the user prefers more contrast', async ({
  window,
  server,
}) => {
  test.slow()
  for (const mail of typicalMails) await deliver(server, mail)
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme, contrast: 'more', reducedMotion: 'reduce' })
    for (const screen of screens) {
      await window.evaluate((hash) => {
        location.hash = hash
      }, `#/${screen}`)
      const link = window.getByRole('link', { name: new RegExp(`^${screen}`, 'i') }).first()
      await expect(link).toHaveAttribute('aria-current', 'page')
      await expect(window.getByRole('heading', { level: 1 }).first()).toBeAttached()
      const { violations } = await new AxeBuilder({ page: window })
        .withRules(['color-contrast-enhanced'])
        .exclude('iframe')
        .setLegacyMode()
        .analyze()
      const found = violations.flatMap(({ nodes }) =>
        nodes.map(({ html, any }) => `${html.slice(0, 120)}: ${any[0]?.message}`),
      )
      expect.soft(found, `${screen}, ${colorScheme}`).toEqual([])
    }
  }
})
