import { resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { workingDay } from './mails.ts'
import { call, deliver, emptyInbox, expect, type Relay, signIn, test, visit } from './person.ts'

const folder = resolve(import.meta.dirname, '../../screenshots')
const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
]

for (const theme of ['light', 'dark'] as const) {
  for (const size of sizes) {
    test(`screens, ${theme}, ${size.width}x${size.height}`, async ({ page, relay }) => {
      test.setTimeout(120_000)
      await page.setViewportSize(size)
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      const shoot = async (name: string) => {
        await page.mouse.move(size.width - 3, size.height - 3)
        await page.screenshot({ path: `${folder}/${name}-${theme}-${size.width}.png` })
      }
      await page.goto(relay.url)
      await expect(page.getByLabel('Admin key')).toBeVisible()
      await shoot('sign-in')
      await emptyInbox(relay)
      await signIn(page, relay)
      await expect(page.getByText('Waiting for the first message')).toBeVisible()
      await shoot('inbox-empty')
      await fill(relay)
      await inbox(page, shoot)
      await keys(page, shoot)
      await visit(page, 'Usage')
      await expect(page.getByRole('heading', { name: 'By route' })).toBeVisible()
      await page.getByRole('radio', { name: '1h' }).click()
      await expect(page.getByText('over the last hour')).toBeVisible()
      await shoot('usage')
      await settings(page, shoot)
    })
  }
}

type Shoot = (name: string) => Promise<void>

async function inbox(page: Page, shoot: Shoot): Promise<void> {
  const open = (name: RegExp) => page.getByRole('link', { name }).click()
  const tab = (name: RegExp) => page.getByRole('tab', { name }).click()
  await open(/Kale, leeks/)
  await expect(page.frameLocator('iframe').getByRole('img').first()).toBeVisible()
  await shoot('inbox-html')
  await page.getByRole('radio', { name: 'Phone, 390 pixels' }).click()
  await shoot('inbox-html-phone')
  await page.getByRole('radio', { name: 'Full width' }).click()
  await open(/تم تأكيد/)
  await expect(page.frameLocator('iframe').getByRole('heading')).toBeVisible()
  await shoot('inbox-rtl')
  await open(/Your account statement/)
  await expect(page.frameLocator('iframe').getByText('unclosed')).toBeVisible()
  await shoot('inbox-broken-html')
  await open(/Receipt for order/)
  await expect(page.getByText('Dibber, ash handle').last()).toBeVisible()
  await shoot('inbox-text')
  await open(/Contract and figures/)
  await tab(/Source/)
  await expect(page.getByText('MIME-Version:').first()).toBeVisible()
  await shoot('inbox-source')
  await tab(/Headers/)
  await expect(page.getByRole('rowheader', { name: 'Subject' })).toBeVisible()
  await shoot('inbox-headers')
  await tab(/Attachments/)
  await expect(page.getByText('figures.xlsx', { exact: true })).toBeVisible()
  await shoot('inbox-attachments')
  await tab(/HTML/)
  await page.keyboard.press('/')
  await page.keyboard.type('frost')
  await expect(page.getByRole('list', { name: 'Messages' }).getByRole('link')).toHaveCount(1)
  await shoot('inbox-search')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('link', { name: /Receipt/ })).toBeVisible()
  await page.keyboard.press('Delete')
  await expect(page.getByText('Message deleted')).toBeVisible()
  await shoot('inbox-undo')
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.keyboard.press('?')
  await shoot('shortcuts')
  await page.keyboard.press('Escape')
}

async function keys(page: Page, shoot: Shoot): Promise<void> {
  await visit(page, 'Keys')
  await expect(page.getByRole('row', { name: /Shop staging/ }).first()).toBeVisible()
  await shoot('keys')
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByLabel('Name').fill('Billing worker')
  await shoot('keys-create')
  await page.getByRole('radio', { name: 'Live' }).click()
  await shoot('keys-create-live')
  await page.getByRole('button', { name: 'Create live key' }).click()
  await expect(page.getByRole('dialog', { name: 'Your new API key' })).toBeVisible()
  await shoot('keys-reveal')
  await page.getByRole('checkbox', { name: 'I stored it' }).click()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Actions for Billing worker' }).first().click()
  await shoot('keys-menu')
  await page.getByRole('menuitem', { name: 'Revoke…' }).click()
  await shoot('keys-revoke')
  await page.getByRole('button', { name: 'Revoke key' }).click()
  await expect(page.getByRole('row', { name: /Billing worker/ })).toHaveCount(0)
}

async function settings(page: Page, shoot: Shoot): Promise<void> {
  await visit(page, 'Settings')
  await expect(page.getByRole('heading', { name: 'Connection' })).toBeVisible()
  await shoot('settings')
  await visit(page, 'Relays')
  await expect(page.getByText('smtp.postal.example').first()).toBeVisible()
  await shoot('relays')
  await page.getByRole('button', { name: 'Add relay' }).click()
  await shoot('settings-add-relay')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Actions for Spare' }).click()
  await page.getByRole('menuitem', { name: 'Test…' }).click()
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(page.getByRole('button', { name: 'Test connection' })).toBeEnabled({
    timeout: 30_000,
  })
  await shoot('settings-test')
  await page.keyboard.press('Escape')
}

/** A working day's mail, keys of every kind, a relay, and requests that end in every way. */
async function fill(relay: Relay): Promise<void> {
  const { answer: known } = await call(relay, 'GET', '/v1/api-keys')
  for (const { id, name, source } of known.data) {
    if (source === 'created' && newKeys.some((key) => key.name === name)) {
      await call(relay, 'DELETE', `/v1/api-keys/${id}`)
    }
  }
  for (const body of newKeys) {
    const { answer } = await call(relay, 'POST', '/v1/api-keys', body)
    await use(relay, answer.key, body.name)
  }
  for (const mail of workingDay) await deliver(relay, mail)
  const { answer } = await call(relay, 'GET', '/v1/relays')
  if (answer.data.length > 0) return
  await call(relay, 'POST', '/v1/relays', {
    name: 'Postal',
    host: 'smtp.postal.example',
    username: 'shop',
    password: 'secret',
    from_email: 'noreply@shop.example',
  })
  await call(relay, 'POST', '/v1/relays', {
    name: 'Spare',
    host: '127.0.0.1',
    port: 9,
    tls: 'none',
  })
}

const newKeys = [
  { name: 'Shop staging', mode: 'test', permissions: ['send'] },
  { name: 'Shop production', mode: 'live', permissions: ['send'], expires_in_days: 365 },
  {
    name: 'End-to-end tests',
    mode: 'test',
    permissions: ['send', 'inbox:read', 'inbox:write', 'logs:read'],
  },
  {
    name: 'Migration, until December',
    mode: 'live',
    permissions: ['send', 'logs:read'],
    expires_in_days: 9,
  },
  { name: 'Dashboard', mode: 'live', permissions: ['*'], expires_in_days: 90 },
]

async function use(relay: Relay, key: string, name: string): Promise<void> {
  const message = {
    from: 'Shop <orders@shop.example.com>',
    to: 'ada@example.com',
    subject: 'Your parcel is on its way',
    text: 'It left our warehouse this morning and should be with you on Tuesday.',
  }
  for (let round = 0; round < name.length; round++) {
    const to = round % 7 === 6 ? 'nobody' : message.to
    if (name.startsWith('Shop staging'))
      await call(relay, 'POST', '/v1/send', { ...message, to }, key)
    await call(relay, 'GET', round % 4 === 3 ? '/v1/inbox/msg_none' : '/v1/inbox', undefined, key)
  }
}
