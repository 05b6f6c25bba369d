import { describe, expect, it } from 'vitest'
import { isWanted, toLogEntry } from '../../src-main/contract/log-entries.ts'
import type { LogEntry } from '../../src-main/contract/logs.ts'
import { queryOf, suggest } from '../../src-renderer/features/logs/log-filters.ts'
import { mergeRows, nameOf, oldestId, stepFrom } from '../../src-renderer/features/logs/log-rows.ts'

const entry = (seq: number, more: Partial<LogEntry> = {}): LogEntry => ({
  ...toLogEntry(
    {
      seq,
      at: new Date(Date.parse('2026-01-15T10:00:00Z') + seq * 1000).toISOString(),
      type: 'request',
      key_id: 'key_shop',
      tenant_id: null,
      message_id: null,
      data: { route: 'POST /v1/send', status: 202, outcome: 'ok', address: '127.0.0.1' },
    },
    'Shop',
  ),
  ...more,
})
const unauthenticated = (id: number, timestamp: string) => entry(id, { type: 'junk', timestamp })
const names = (rows: readonly LogEntry[]) => rows.map(nameOf)

describe('The rows of the log', () => {
  it('The rows are newest first and without duplicates', () => {
    const shown = mergeRows([], [entry(1), entry(2)])
    expect(names(mergeRows(shown, [entry(4), entry(3), entry(2)]))).toEqual(['4', '3', '2', '1'])
    expect(mergeRows(shown, [entry(2)])).toBe(shown)
    expect(names(mergeRows([entry(5)], [entry(1)]))).toEqual(['5', '1'])
  })

  it('Unauthenticated requests are in order of time, with their own ids', () => {
    const shown = mergeRows([entry(3), entry(1)], [unauthenticated(1, '2026-01-15T10:00:02.000Z')])
    expect(names(shown)).toEqual(['3', 'junk-1', '1'])
    expect(oldestId(mergeRows(shown, [unauthenticated(2, '2026-01-15T09:00:00.000Z')]))).toBe(1)
  })

  it('The next and previous row stop at both ends of the list', () => {
    const rows = [entry(2), entry(1)]
    expect(stepFrom(rows, null, 1)?.id).toBe(2)
    expect(stepFrom(rows, '2', 1)?.id).toBe(1)
    expect(stepFrom(rows, '1', 1)?.id).toBe(1)
    expect(stepFrom([], '1', 1)).toBeUndefined()
  })
})

describe('A typed filter', () => {
  const keyNames = new Map([['key_shop', 'Shop']])
  const first = (typed: string) => {
    const [found] = suggest(typed, [entry(1)], keyNames)
    return found ? `${found.name}=${found.value}` : null
  }
  it.each([
    ['shop', 'key=key_shop'],
    ['key:sh', 'key=key_shop'],
    ['send', 'route=POST /v1/send'],
    ['status:2', 'status=202'],
    ['status:404', 'status=404'],
    ['status:4', null],
    ['type:sess', 'type=session'],
    ['since:1 h', 'since=1 hour'],
    ['address:10.0.0.9', 'address=10.0.0.9'],
    ['quarterly', 'text=quarterly'],
    ['type:none', null],
  ])('The filter “%s” means %s', (typed, found) => {
    expect(first(typed)).toBe(found)
  })
})

describe('A live entry', () => {
  const now = Date.parse('2026-01-15T10:10:00Z')
  it.each([
    [{}, true],
    [{ type: 'session' }, false],
    [{ key: 'key_shop', status: '202' }, true],
    [{ status: '400' }, false],
    [{ text: 'V1/SEND' }, true],
    [{ text: 'shop' }, true],
    [{ text: 'bounced' }, false],
    [{ since: '1 hour' }, true],
    [{ since: '5 minutes' }, false],
  ])('An entry with the filters %j is shown: %s', (filters, shown) => {
    expect(isWanted(entry(1), queryOf(filters, now))).toBe(shown)
  })
})
