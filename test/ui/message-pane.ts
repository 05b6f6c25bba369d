import type { FrameLocator, Locator, Page } from '@playwright/test'
import type { SendMailOptions } from 'nodemailer'
import { deliver, expect, type Relay } from './person.ts'

export const message = (window: Page): Locator => window.getByRole('article', { name: 'Message' })

export const tab = (window: Page, name: RegExp): Locator =>
  message(window).getByRole('tab', { name })

export const frame = (window: Page): FrameLocator =>
  window.frameLocator('iframe[title="Message as HTML"]')

/** Delivers a mail and opens it from the list. */
export async function openMail(window: Page, relay: Relay, mail: SendMailOptions): Promise<void> {
  await deliver(relay, mail)
  await window.getByRole('link', { name: new RegExp(String(mail.subject)) }).click()
  await expect(message(window).getByRole('heading', { name: String(mail.subject) })).toBeVisible()
}
