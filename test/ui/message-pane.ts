import type { FrameLocator, Locator, Page } from '@playwright/test'
import type { SendMailOptions } from 'nodemailer'
import { deliver, expect, type Relay } from './fixtures.ts'

export const message = (window: Page): Locator => window.getByRole('article', { name: 'Message' })

export const tab = (window: Page, name: RegExp): Locator =>
  message(window).getByRole('tab', { name })

export const frame = (window: Page): FrameLocator =>
  window.frameLocator('iframe[title="Message as HTML"]')

/** The frame of the message that is likely opened next. */
export const frameAhead = (window: Page): Locator => window.locator('iframe[title="Next message"]')

/** The pages of messages that frames ask for from now on. */
export function pagesAskedFor(window: Page): readonly string[] {
  const pages: string[] = []
  window.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith('/view/')) pages.push(request.url())
  })
  return pages
}

/** Delivers a mail and opens it from the list. */
export async function openMail(window: Page, relay: Relay, mail: SendMailOptions): Promise<void> {
  await deliver(relay, mail)
  await window.getByRole('link', { name: new RegExp(String(mail.subject)) }).click()
  await expect(message(window).getByRole('heading', { name: String(mail.subject) })).toBeVisible()
}
