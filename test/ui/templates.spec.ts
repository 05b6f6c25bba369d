import type { Page } from '@playwright/test'
import { call, expect, type ServerProcess, test, visit } from './fixtures.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

// Each test covers a whole screen, which takes long on a busy machine.
test.describe.configure({ timeout: 180_000 })

type Stored = { id: string; name: string; version: number; html: string; subject: string }

async function stored(server: ServerProcess): Promise<readonly Stored[]> {
  return (await call(server, 'GET', '/v1/templates')).answer.data
}

async function make(server: ServerProcess, name: string, fields: object = {}): Promise<Stored> {
  const body = { name, subject: 'Hi {{name}}', html: '<p>Hello {{name}}</p>', ...fields }
  return (await call(server, 'POST', '/v1/templates', body)).answer
}

const shown = (page: Page) => page.frameLocator('iframe[title="HTML preview"]').locator('body')

const open = (page: Page, id: string) =>
  page.evaluate((hash) => {
    location.hash = hash
  }, `#/templates/${id}`)

async function type(page: Page, label: string, text: string) {
  const editor = page.getByRole('textbox', { name: label, exact: true })
  await editor.click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(text)
}

test('A template can be created from a starter, and a syntax error keeps the last valid preview', async ({
  window,
}) => {
  await visit(window, 'Templates')
  await expect(window.getByText('No templates yet')).toBeVisible()
  await window.getByRole('button', { name: 'Create template' }).click()
  const dialog = window.getByRole('dialog', { name: 'Create template' })
  await dialog.getByRole('button', { name: 'Create template' }).click()
  await expect(dialog.getByText('Enter a name. Your app')).toBeVisible()
  await dialog.getByLabel('Name').fill('password-reset')
  await expect(dialog.getByRole('radio', { name: 'Password reset' })).toBeChecked()
  await expectAccessible(window, 'the dialog to create a template')
  await takeScreenshots(window, 'templates-create')
  await dialog.getByRole('button', { name: 'Create template' }).click()

  await expect(window.getByLabel('Rendered subject')).toHaveText('482 913 is your Northwind code')
  await expect(shown(window)).toContainText('Choose a new password')
  await expect(shown(window)).toContainText('Hello Ada Lovelace')
  await expectAccessible(window, 'the editor')
  await takeScreenshots(window, 'templates-editor')

  await type(window, 'Subject', 'Code {{ code }} for {{ name }}')
  await expect(window.getByLabel('Rendered subject')).toHaveText('Code 482 913 for Ada Lovelace')
  await type(window, 'HTML', '<h1>Only {{ name }}</h1>\n<p>{{#if code}}</p>')
  await expect(window.getByRole('alert')).toContainText('HTML, line 2')
  await expect(shown(window)).toContainText('Choose a new password')
  await takeScreenshots(window, 'templates-error')
  await type(window, 'HTML', '<h1>Only {{ name }}</h1>\n<p>{{ surprise }}</p>')
  await expect(window.getByRole('alert')).toBeHidden()
  await expect(shown(window)).toContainText('Only Ada Lovelace')
})

test('Undeclared variables are reported, and versions can be saved, compared and reverted', async ({
  window,
  server,
}) => {
  const { id } = await make(server, 'versions', { variables: ['name', 'reset_url'] })
  await open(window, id)
  await expect(shown(window)).toContainText('Hello Ada Lovelace')
  await type(window, 'Subject', 'Code {{ code }} for {{ name }}')
  await type(window, 'HTML', '<h1>Only {{ name }}</h1>\n<p>{{ surprise }}</p>')
  await window.getByRole('tab', { name: /Variables/ }).click()
  await expect(window.getByText('Used but not declared')).toContainText('code, surprise')
  await expect(
    window.getByRole('listitem').filter({ hasText: 'reset_url' }).getByText('Not used'),
  ).toBeVisible()
  await window.getByRole('button', { name: 'Declare' }).first().click()
  await window.getByRole('button', { name: 'Remove reset_url' }).click()
  await expect(window.getByText('The sample data has no code, surprise')).toBeVisible()
  await expectAccessible(window, 'the variables')
  await takeScreenshots(window, 'templates-variables')

  await window.keyboard.press('ControlOrMeta+S')
  await expect(window.getByText('Saved as version 2')).toBeVisible()
  const [saved] = await stored(server)
  expect(saved).toMatchObject({ version: 2, subject: 'Code {{ code }} for {{ name }}' })

  await window.getByRole('tab', { name: 'Versions' }).click()
  await expect(window.getByRole('button', { name: /^Version 1/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  const difference = window.getByRole('region', { name: 'Subject' })
  await expect(difference).toContainText('Hi {{name}}')
  await expect(difference).toContainText('Code {{ code }} for')
  await expectAccessible(window, 'the versions')
  await takeScreenshots(window, 'templates-versions')
  await window.getByRole('button', { name: 'Revert to version 1' }).click()
  await expect(window.getByText('Reverted to version 1, saved as version 3')).toBeVisible()
  expect((await stored(server))[0]?.subject).toBe('Hi {{name}}')
})

test('Unsaved changes survive a reload, and data sets can be saved', async ({ window, server }) => {
  const { id } = await make(server, 'drafts')
  await open(window, id)
  await expect(window.getByLabel('Rendered subject')).toHaveText('Hi Ada Lovelace')
  await type(window, 'HTML', '<p>Not saved, {{name}}</p>')
  await expect(shown(window)).toContainText('Not saved, Ada')
  window.on('dialog', (dialog) => void dialog.accept())
  await window.reload()
  await expect(window.getByText('Restored your unsaved changes from')).toBeVisible()
  await expect(shown(window)).toContainText('Not saved, Ada')
  await takeScreenshots(window, 'templates-restored')

  await window.getByRole('tab', { name: 'Sample data' }).click()
  await type(window, 'Sample data', '{ "name": ')
  await expect(window.getByRole('alert')).toContainText('uses the last valid data')
  await type(window, 'Sample data', '{ "name": "Wolfeschlegelsteinhausenbergerdorff" }')
  await window.getByRole('button', { name: 'Save as…' }).click()
  await window.getByRole('dialog').getByLabel('Name').fill('Long names')
  await window.getByRole('button', { name: 'Save data set' }).click()
  await expect(window.getByText('Data set “Long names” saved')).toBeVisible()
  await expect(shown(window)).toContainText('Wolfeschlegelsteinhausenbergerdorff')
  await expectAccessible(window, 'the data sets')
  await takeScreenshots(window, 'templates-data')
  const { answer } = await call(server, 'GET', `/v1/templates/${id}/samples`)
  expect(answer.data).toMatchObject([
    { name: 'Long names', data: { name: 'Wolfeschlegelsteinhausenbergerdorff' } },
  ])

  await window.getByRole('button', { name: 'Revert to the saved version' }).click()
  await expect(shown(window)).toContainText('Hello Wolfe')
  await window.getByRole('button', { name: 'Undo' }).click()
  await expect(shown(window)).toContainText('Not saved, Wolfe')
})

test('A test send is captured in an inbox, and scripts of a template do not run', async ({
  window,
  server,
}) => {
  const html =
    '<p id="x">Hello {{name}}</p><script>document.body.textContent="ran"</script><img src="https://example.com/a.png">'
  const { id } = await make(server, 'to-capture', { html })
  await open(window, id)
  await expect(shown(window)).toContainText('Hello Ada Lovelace')
  await expect(window.getByText('Remote content blocked')).toBeVisible()
  await window.getByRole('radio', { name: 'Text' }).click()
  await expect(window.getByRole('region', { name: 'Text preview' })).toContainText(
    'Hello Ada Lovelace',
  )
  await window.getByRole('button', { name: 'Send test' }).click()
  const dialog = window.getByRole('dialog', { name: 'Send a test' })
  await dialog.getByRole('radio', { name: 'Real address' }).click()
  await expect(dialog.getByText('No relay yet.')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Send email' })).toBeDisabled()
  await dialog.getByRole('radio', { name: 'Inbox', exact: true }).click()
  await dialog.getByLabel('To', { exact: true }).fill('grace@example.com')
  await expectAccessible(window, 'the dialog to send a test')
  await takeScreenshots(window, 'templates-send')
  await dialog.getByRole('button', { name: 'Capture' }).click()
  await window.getByRole('button', { name: 'Open message' }).click()
  await expect(window.getByRole('heading', { name: 'Hi Ada Lovelace' })).toBeVisible()
})

test('A Jinja2 template can be created, previewed and checked for undeclared variables', async ({
  window,
}) => {
  await visit(window, 'Templates')
  await window.getByRole('button', { name: 'Create template' }).first().click()
  const dialog = window.getByRole('dialog', { name: 'Create template' })
  await dialog.getByLabel('Name').fill('jinja-receipt')
  await dialog.getByRole('radio', { name: 'Receipt' }).click()
  await dialog.getByRole('radio', { name: 'Jinja2' }).click()
  await expect(dialog.getByRole('radio', { name: 'Liquid' })).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Create template' }).click()
  await expect(shown(window)).toContainText('Thank you, Ada Lovelace')
  await type(
    window,
    'HTML',
    '{# not shown #}{% for item in items %}{{ loop.index }} {{ item.name|upper }}{% endfor %} {{ surprise|default("x") }}',
  )
  await expect(shown(window)).toContainText('1 ADA LOVELACE')
  await window.getByRole('tab', { name: /Variables/ }).click()
  await expect(window.getByText('Used but not declared.')).toBeVisible()
  await expect(window.getByText('surprise', { exact: true })).toBeVisible()
})

for (const width of [390, 760]) {
  test(`The list of templates has room for its names at ${width} pixels`, async ({
    window,
    server,
  }) => {
    await make(server, 'a-rather-long-name-of-a-template', { subject: 'A rather long subject' })
    await make(server, 'welcome', { engine: 'jinja', variables: ['name'] })
    await window.setViewportSize({ width, height: 800 })
    await window.evaluate(() => {
      location.hash = '#/templates'
    })
    const link = window.getByRole('link', { name: 'a-rather-long-name-of-a-template' })
    await expect(link).toBeVisible()
    const boxOf = async (name: string) => {
      const box = await window.getByText(name, { exact: true }).first().boundingBox()
      return box ?? { x: 0, y: 0, width: 0, height: 0 }
    }
    expect((await boxOf('A rather long subject')).width).toBeGreaterThan(120)
    const intro = await boxOf(
      'Your app sends the template name and data. Wording and design live here.',
    )
    expect(intro.width).toBeGreaterThan(200)
    const cells = await window.locator('tbody tr').first().locator('td:visible').all()
    const boxes = await Promise.all(cells.map((cell) => cell.boundingBox()))
    for (const [index, box] of boxes.entries()) {
      const before = boxes[index - 1]
      if (before && box) expect(box.x).toBeGreaterThanOrEqual(before.x + before.width - 1)
    }
    const heads = await window
      .locator('thead th:visible')
      .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).length)
    expect(heads).toBe(0)
    for (const theme of ['light', 'dark'] as const) {
      if (process.env.CI) break
      await window.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await window.screenshot({ path: `screenshots/templates-list-${theme}-${width}.png` })
    }
  })
}

test('The list and the editor work by keyboard alone', async ({ window, server }) => {
  await make(server, 'order-shipped', { subject: 'On its way' })
  await make(server, 'welcome', { description: 'x', engine: 'liquid', subject: '' })
  await visit(window, 'Templates')
  await expect(window.getByRole('link', { name: 'order-shipped' })).toBeVisible()
  await expectAccessible(window, 'the list of templates')
  await takeScreenshots(window, 'templates-list')
  await window
    .getByRole('main')
    .focus()
    .catch(() => undefined)
  await window.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await window.keyboard.press('/')
  await expect(window.getByLabel('Search templates')).toBeFocused()
  await window.keyboard.type('shipped')
  await expect(window.getByRole('link', { name: 'welcome' })).toBeHidden()
  await window.keyboard.press('Tab')
  await window.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await window.keyboard.press('j')
  await expect(window.getByRole('link', { name: 'order-shipped' })).toBeFocused()
  await window.keyboard.press('Enter')

  const editor = window.getByRole('textbox', { name: 'HTML', exact: true })
  await expect(shown(window)).toContainText('Hello Ada')
  await window.getByRole('textbox', { name: 'Subject', exact: true }).focus()
  await window.keyboard.press('Tab')
  await expect(editor).toBeFocused()
  await window.keyboard.press('ControlOrMeta+End')
  await window.keyboard.type('<b>{{na')
  await expect(window.getByRole('listbox')).toContainText('name')
  // A completion list that has just opened must not consume the Enter of a new line.
  await window.waitForTimeout(120)
  await window.keyboard.press('Enter')
  await window.keyboard.type('}}</b>')
  await expect(shown(window).locator('b')).toHaveText('Ada Lovelace')
  await window.keyboard.press('ControlOrMeta+S')
  await expect(window.getByText('Saved as version 2')).toBeVisible()
  await window.keyboard.press('Escape')
  await window.keyboard.press('Tab')
  await expect(editor).not.toBeFocused()
  await window.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await window.keyboard.press('Escape')
  await expect(window).toHaveURL(/#\/templates$/)

  await window.getByRole('button', { name: 'Actions for order-shipped' }).press('Enter')
  await window.getByRole('menuitem', { name: 'Archive' }).press('Enter')
  await expect(window.getByText('Archived “order-shipped”')).toBeVisible()
  await window.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(window.getByText('Activated “order-shipped”')).toBeVisible()
  await window.getByRole('button', { name: 'Actions for order-shipped' }).press('Enter')
  await window.getByRole('menuitem', { name: 'Delete…' }).press('Enter')
  const confirm = window.getByRole('alertdialog', { name: 'Delete “order-shipped”?' })
  await expect(confirm).toContainText('Never used.')
  await confirm.getByRole('button', { name: 'Delete template' }).press('Enter')
  await expect(window.getByText('No results')).toBeVisible()
  expect((await stored(server)).map(({ name }) => name)).not.toContain('order-shipped')
})
