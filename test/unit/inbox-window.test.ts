import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { InboxMessage } from '../../src-main/contract/messages.ts'
import { completionsFor } from '../../src-renderer/features/inbox/inbox-completion.ts'
import { idsBetween } from '../../src-renderer/features/inbox/inbox-rows.ts'
import {
  fetchArrivals,
  refreshSnippets,
  useInbox,
} from '../../src-renderer/features/inbox/inbox-store.ts'

const known = {
  keys: ['Shop tests', 'Staging'],
  inboxes: ['default', 'staging'],
  tags: ['billing', 'two words'],
  addresses: ['ada@example.com', 'grace@navy.example'],
}
const now = new Date(2026, 10, 22)

/** The content of the field after each completion; `|` is the caret. */
function offered(text: string): string[] {
  const caret = text.indexOf('|')
  const plain = text.replace('|', '')
  return completionsFor(plain, caret, known, now).map(
    ({ insert, start, end }) => plain.slice(0, start) + insert + plain.slice(end),
  )
}

describe('The completion of a search', () => {
  it.each([
    ['fr|', ['from:']],
    ['-fr|', ['-from:']],
    ['tea ta|', ['tea tag:']],
    ['ke| tea', ['key: tea']],
    ['tag:|', ['tag:billing ', 'tag:"two words" ']],
    ['-tag:bi|', ['-tag:billing ']],
    ['key:sh|', ['key:"Shop tests" ']],
    ['from:navy|', ['from:grace@navy.example ']],
    ['inbox:stag|', ['inbox:staging ']],
    ['is:un|', ['is:unread ']],
    ['is:unread|', []],
    ['after:2026|', ['after:2026-11-22 ']],
    ['has:|', ['has:attachment ']],
    ['courgette|', []],
    ['"fr|', []],
    ['tea |', []],
    ['12|', []],
  ])('The input %j offers %j', (text, options) => {
    expect(offered(text)).toEqual(options)
  })

  it('An empty field offers every operator', () => {
    expect(offered('|')).toHaveLength(15)
    expect(offered('|')).toContain('header:')
  })
})

it('A selected range includes both ends, in either direction', () => {
  const rows = ['a', 'b', 'c', 'd'].map((id) => ({ id }) as InboxMessage)
  expect(idsBetween(rows, 'b', 'd')).toEqual(['b', 'c', 'd'])
  expect(idsBetween(rows, 'd', 'b')).toEqual(['b', 'c', 'd'])
  expect(idsBetween(rows, 'gone', 'c')).toEqual(['c'])
  expect(idsBetween(rows, 'a', 'gone')).toEqual([])
})

it('Rows that were loaded before their indexing get their snippets', async () => {
  const row = (id: string, snippet: string | null) => ({ id, snippet }) as InboxMessage
  const page = (data: readonly InboxMessage[]) =>
    Response.json({ data, has_more: false, counts: { total: 2, unread: 2 } })
  let arrive = () => {}
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve
  })
  vi.stubGlobal('fetch', async (address: string) => {
    if (!address.includes('after=')) return page([row('msg_2', 'Words'), row('msg_1', 'One')])
    await arrived
    return page([row('msg_2', null)])
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  useInbox.setState({ status: 'ready', rows: [row('msg_1', 'One')] })
  const done = Promise.all([fetchArrivals(), refreshSnippets()])
  arrive()
  await done
  expect(useInbox.getState().rows.map(({ snippet }) => snippet)).toEqual(['Words', 'One'])
})
