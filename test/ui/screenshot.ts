import { resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const folder = resolve(import.meta.dirname, '../../screenshots')
const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
]
const themes = ['light', 'dark'] as const

/**
 * Writes the current state to `screenshots/` for review, in both themes and at both sizes. Skipped in
 * CI.
 */
export async function takeScreenshots(page: Page, name: string): Promise<void> {
  if (process.env.CI) return
  for (const size of sizes) {
    await page.setViewportSize(size)
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.screenshot({ path: `${folder}/${name}-${theme}-${size.width}.png` })
    }
  }
  await page.setViewportSize(sizes[0] ?? { width: 1440, height: 900 })
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
}

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']
const colourRules = ['color-contrast', 'link-in-text-block']

/**
 * Checks the current state against WCAG 2.1 AA and best practices. The dark theme only differs in
 * colours, so only the colour rules run there.
 */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  const light = new AxeBuilder({ page }).withTags(standards)
  const dark = new AxeBuilder({ page }).withRules(colourRules)
  for (const [colorScheme, rules] of [
    ['light', light],
    ['dark', dark],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expectNoViolations(rules, `${where}, ${colorScheme}`)
  }
}

async function expectNoViolations(rules: AxeBuilder, where: string): Promise<void> {
  // Captured HTML is excluded; legacy mode avoids a second page for frames.
  const { violations } = await rules.exclude('iframe').setLegacyMode().analyze()
  const found = violations.map(
    ({ id, nodes }) =>
      `${where}: ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  )
  expect(found).toEqual([])
}
