import { type Outcome, outcomes } from '../../../src-main/contract/events.ts'
import {
  type LogEntry,
  type LogQuery,
  type LogType,
  logTypes,
} from '../../../src-main/contract/logs.ts'
import { logsLabels } from './labels.ts'

/** The filters of the log. A new value replaces an older one of the same name. */
export const filterNames = [
  'type',
  'key',
  'route',
  'outcome',
  'status',
  'address',
  'request',
  'message',
  'since',
  'text',
] as const
export type FilterName = (typeof filterNames)[number]
export type LogFilters = Readonly<Partial<Record<FilterName, string>>>

export type Suggestion = {
  readonly name: FilterName
  readonly value: string
  /** Shown instead of `value`, which may be an id. */
  readonly label: string
}

const minuteMs = 60_000
const periods: Readonly<Record<string, number>> = {
  '5 minutes': 5 * minuteMs,
  '1 hour': 60 * minuteMs,
  '24 hours': 1440 * minuteMs,
  '7 days': 7 * 1440 * minuteMs,
}

/** The request query of these filters. */
export function queryOf(filters: LogFilters, nowMs: number): Partial<LogQuery> {
  const { type, key, route, outcome, status, address, request, message, since, text } = filters
  const sinceMs = since === undefined ? undefined : periods[since]
  return {
    ...(type ? { type: type as LogType } : {}),
    ...(key ? { key_id: key } : {}),
    ...(route ? { route } : {}),
    ...(outcome ? { outcome: outcome as Outcome } : {}),
    ...(status ? { status: Number(status) } : {}),
    ...(address ? { address } : {}),
    ...(request ? { request_id: request } : {}),
    ...(message ? { email_id: message } : {}),
    ...(sinceMs ? { from: new Date(nowMs - sinceMs).toISOString() } : {}),
    ...(text ? { text } : {}),
  }
}

const maxSuggestions = 9

/** Filters that match the typed text, such as `status:4`, a key's name or part of a route. */
export function suggest(
  typed: string,
  seen: readonly LogEntry[],
  keyNames: ReadonlyMap<string, string>,
): readonly Suggestion[] {
  const text = typed.trim()
  const [, named, rest] = /^(\w+):\s*(.*)$/.exec(text) ?? []
  const field = filterNames.find((name) => name === named?.toLowerCase())
  const wanted = (field ? (rest ?? '') : text).toLowerCase()
  const known = knownValues(seen, keyNames).filter(
    ({ name, label, value }) =>
      (field === undefined || name === field) && `${label} ${value}`.toLowerCase().includes(wanted),
  )
  const free = freeForm(field, field ? (rest ?? '') : text)
  const found = known.slice(0, maxSuggestions - 1)
  const isKnown = found.some(({ name, value }) => name === free?.name && value === free.value)
  return free && !isKnown ? [...found, free] : found
}

/** The typed text as a filter value. */
function freeForm(field: FilterName | undefined, value: string): Suggestion | null {
  const name = field ?? 'text'
  if (value === '') return null
  if (name === 'type' || name === 'outcome' || name === 'since' || name === 'key') return null
  if (name === 'status' && !/^[1-9]\d\d$/.test(value)) return null
  return { name, value, label: value }
}

function knownValues(
  seen: readonly LogEntry[],
  keyNames: ReadonlyMap<string, string>,
): readonly Suggestion[] {
  const plain = (name: FilterName, values: readonly string[]) =>
    [...new Set(values)].sort().map((value) => ({ name, value, label: value }))
  const texts = (pick: (entry: LogEntry) => string | number | null) =>
    seen.flatMap((entry) => {
      const value = pick(entry)
      return value === null ? [] : [String(value)]
    })
  return [
    ...logTypes.map((type) => ({
      name: 'type' as const,
      value: type,
      label: logsLabels.types[type],
    })),
    ...[...keyNames].map(([value, label]) => ({ name: 'key' as const, value, label })),
    ...plain(
      'route',
      texts(({ route }) => route),
    ),
    ...outcomes.map((outcome) => ({ name: 'outcome' as const, value: outcome, label: outcome })),
    ...plain(
      'status',
      texts(({ status }) => status),
    ),
    ...plain(
      'address',
      texts(({ address }) => address),
    ),
    ...Object.keys(periods).map((value) => ({ name: 'since' as const, value, label: value })),
  ]
}
