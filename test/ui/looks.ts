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
 * Writes what is shown now to `screenshots/`, in both themes and at both sizes, for somebody to look
 * at; in CI nobody does, and it would take minutes.
 */
export async function shootLooks(page: Page, name: string): Promise<void> {
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

/** Holds what is shown now, in both themes, against the rules of WCAG 2.1 AA and good practice. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await expectNoViolations(page, `${where}, ${theme}`)
  }
}

async function expectNoViolations(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'])
    // The message is somebody else's work.
    .exclude('iframe')
    .analyze()
  const found = violations.map(
    ({ id, nodes }) =>
      `${where}: ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  )
  expect(found).toEqual([])
}
