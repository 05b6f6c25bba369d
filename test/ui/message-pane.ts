import type { FrameLocator, Locator, Page } from '@playwright/test'
import type { SendMailOptions } from 'nodemailer'
import { deliver, expect, type ServerProcess } from './fixtures.ts'

export const message = (window: Page): Locator => window.getByRole('article', { name: 'Message' })

export const tab = (window: Page, name: RegExp): Locator =>
  message(window).getByRole('tab', { name })

export const frame = (window: Page): FrameLocator =>
  window.frameLocator('iframe[title="Message as HTML"]')

/** The hidden frame of the prefetched message. */
export const preloadedFrame = (window: Page): Locator =>
  window.locator('iframe[title="Next message"]')

/** URLs of the message pages that frames request from now on. */
export function requestedPages(window: Page): readonly string[] {
  const pages: string[] = []
  window.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith('/view/')) pages.push(request.url())
  })
  return pages
}

/** Sends a message and opens it from the list. */
export async function openMail(
  window: Page,
  server: ServerProcess,
  mail: SendMailOptions,
): Promise<void> {
  await deliver(server, mail)
  await window.getByRole('link', { name: new RegExp(String(mail.subject)) }).click()
  await expect(message(window).getByRole('heading', { name: String(mail.subject) })).toBeVisible()
}
