import { join } from 'node:path'
import { expect } from '@playwright/test'
import { deliver, storeFirstKeys, test } from './desktop-app.ts'

const picture = (name: string) =>
  join(import.meta.dirname, '../../screenshots', `desktop-${name}.png`)

const mails = [
  { from: 'Billing <billing@northwind.example>', subject: 'Invoice 2041 is due on Friday' },
  { from: 'GitLab <ci@gitlab.example>', subject: 'Pipeline #88213 has passed for main' },
  { from: 'مكتب الحجز <booking@example.com>', subject: 'تأكيد الحجز رقم ٤٢' },
  { from: 'Mira Olsen <mira@example.com>', subject: 'Re: Friday – who brings the projector? 📽️' },
  {
    from: 'Fern & Co <orders@fern.example>',
    subject: 'Your order is on its way',
    html: `<div style="max-width:560px;margin:0 auto;font:16px/1.5 sans-serif;color:#24332b">
      <div style="background:#3d7557;color:#fff;padding:28px 32px;border-radius:12px 12px 0 0">
        <div style="font-size:22px;font-weight:600">It left our greenhouse</div></div>
      <div style="border:1px solid #dfe8e2;border-top:0;padding:24px 32px;border-radius:0 0 12px 12px">
        <p>Hello Ada,</p><p>order <b>10482</b> was handed to the courier this morning and should
        arrive on <b>Thursday</b>.</p>
        <p><a href="https://fern.example/track/10482">Follow your parcel</a></p></div></div>`,
  },
]

test('Screenshots of the window in light and dark are taken', async ({ launch }) => {
  const { electron, page, server } = await launch()
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.screenshot({ path: picture('first-start') })
  await storeFirstKeys(page)
  await page.screenshot({ path: picture('empty') })
  for (const mail of mails) {
    await deliver(server, { text: 'Details are in your account.', ...mail })
  }
  await page.getByText('Your order is on its way').first().click()
  await expect(page.frameLocator('article iframe').getByText('Follow your parcel')).toBeVisible()
  for (const theme of ['light', 'dark'] as const) {
    await electron.evaluate(({ nativeTheme }, source) => {
      nativeTheme.themeSource = source
    }, theme)
    await expect
      .poll(() => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches))
      .toBe(theme === 'dark')
    await page.screenshot({ path: picture(`inbox-${theme}`) })
  }
})
