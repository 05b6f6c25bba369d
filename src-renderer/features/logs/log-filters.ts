import { type Outcome, outcomes } from '../../../src-main/contract/events.ts'
import {
  type LogEntry,
  type LogQuery,
  type LogType,
  logTypes,
} from '../../../src-main/contract/logs.ts'

/** What can be asked for. A chip for each; two of the same take each other's place. */
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
  /** What is shown for it where the value is an id. */
  readonly label: string
}

export const filterLabels: Readonly<Record<FilterName, string>> = {
  type: 'Type',
  key: 'Key',
  route: 'Route',
  outcome: 'Outcome',
  status: 'Status',
  address: 'Address',
  request: 'Request',
  message: 'Message',
  since: 'Since',
  text: 'Text',
}

export const typeWords: Readonly<Record<LogType, string>> = {
  request: 'Request',
  session: 'Session',
  message: 'Message',
  audit: 'Audit',
  alert: 'Alert',
  junk: 'No key',
}

const minuteMs = 60_000
const sinces: Readonly<Record<string, number>> = {
  '5 minutes': 5 * minuteMs,
  '1 hour': 60 * minuteMs,
  '24 hours': 1440 * minuteMs,
  '7 days': 7 * 1440 * minuteMs,
}

/** The question of these filters, as the relay takes it. */
export function queryOf(filters: LogFilters, nowMs: number): Partial<LogQuery> {
  const { type, key, route, outcome, status, address, request, message, since, text } = filters
  const sinceMs = since === undefined ? undefined : sinces[since]
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

/** What a typed word may mean: `status:4`, a key's name, a piece of a route; as text last. */
export function suggest(
  typed: string,
  seen: readonly LogEntry[],
  keyNames: ReadonlyMap<string, string>,
): readonly Suggestion[] {
  const words = typed.trim()
  const [, named, rest] = /^(\w+):\s*(.*)$/.exec(words) ?? []
  const field = filterNames.find((name) => name === named?.toLowerCase())
  const wanted = (field ? (rest ?? '') : words).toLowerCase()
  const known = knownValues(seen, keyNames).filter(
    ({ name, label, value }) =>
      (field === undefined || name === field) && `${label} ${value}`.toLowerCase().includes(wanted),
  )
  const free = freeForm(field, field ? (rest ?? '') : words)
  const found = known.slice(0, maxSuggestions - 1)
  const isKnown = found.some(({ name, value }) => name === free?.name && value === free.value)
  return free && !isKnown ? [...found, free] : found
}

/** Takes what was typed at its word. */
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
    ...logTypes.map((type) => ({ name: 'type' as const, value: type, label: typeWords[type] })),
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
    ...Object.keys(sinces).map((value) => ({ name: 'since' as const, value, label: value })),
  ]
}
