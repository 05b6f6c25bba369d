import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { settingsLabels } from '../../src-renderer/features/settings/labels.ts'
import { licences } from '../../src-renderer/features/settings/licences.ts'
import { readRetention } from '../../src-renderer/features/settings/retention-fields.ts'

const root = join(import.meta.dirname, '../..')
const packageOf = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'))

it('Every library that runs with MailSage is listed with its licence', () => {
  const { dependencies } = packageOf('package.json')
  const named = new Set(licences.map(([name]) => name))
  expect(Object.keys(dependencies).filter((name) => !named.has(name))).toEqual([])
  for (const [name, licence] of licences) {
    expect([name, packageOf(`node_modules/${name}/package.json`).license]).toEqual([name, licence])
  }
})

describe('The retention settings', () => {
  const facts = { keep_days: 0, keep_messages: 100, keep_log_days: 30, keep_webhook_log_days: 30 }
  it.each([
    [{}, {}, []],
    [{ keep_days: '7' }, { keep_days: 7 }, []],
    [{ keep_messages: '100' }, {}, []],
    [{ keep_messages: '' }, {}, ['keep_messages']],
    [{ keep_log_days: '-1' }, {}, ['keep_log_days']],
    [{ keep_log_days: '1.5', keep_days: '1' }, { keep_days: 1 }, ['keep_log_days']],
    [{ keep_webhook_log_days: 'x' }, {}, ['keep_webhook_log_days']],
  ])('The input %j is parsed with its problems', (typed, change, problems) => {
    const read = readRetention(typed, facts)
    expect(read.change).toEqual(change)
    expect(Object.keys(read.problems)).toEqual(problems)
  })

  it.each([
    [0, 0, 0, 'This deletes nothing now.'],
    [1, 0, 0, 'This deletes 1 message now.'],
    [2, 1, 0, 'This deletes 2 messages and 1 log entry now.'],
    [2, 3, 4, 'This deletes 2 messages, 3 log entries and 4 webhook log entries now.'],
  ])(
    '%i messages, %i and %i log entries: %s',
    (messages, log_entries, webhook_log_entries, sentence) => {
      expect(settingsLabels.retention.preview({ messages, log_entries, webhook_log_entries })).toBe(
        sentence,
      )
    },
  )
})
