import type { VariableUse } from './template-variables.ts'

type Json = Record<string, unknown>

/** The first data set of a template, with a plausible value for each variable. */
export function sampleFor(declared: readonly string[], { used, lists }: VariableUse): Json {
  const data: Json = {}
  for (const name of [...declared, ...used]) {
    if (!lists.has(name)) set(data, name, likely(name))
  }
  for (const [list, fields] of lists) set(data, list, itemsOf(fields))
  return data
}

function itemsOf(fields: ReadonlySet<string>): unknown[] {
  if (fields.size === 0) return ['First', 'Second']
  return [0, 1].map((index) => {
    const item: Json = {}
    for (const field of fields) set(item, field, likely(field, index))
    return item
  })
}

function set(data: Json, path: string, value: unknown): void {
  const [head = '', ...rest] = path.split('.')
  if (rest.length === 0) {
    if (!Object.hasOwn(data, head)) data[head] = value
    return
  }
  const inner = Object.hasOwn(data, head) ? data[head] : {}
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) {
    data[head] = { [rest[0] ?? '']: value }
    return
  }
  const branch = inner as Json
  set(branch, rest.join('.'), value)
  data[head] = branch
}

const guesses: readonly (readonly [RegExp, readonly [unknown, unknown]])[] = [
  [/e?mail$/i, ['ada@example.com', 'grace@example.com']],
  [/(url|link|href)$/i, ['https://example.com/', 'https://example.com/more']],
  [
    /(image|logo|picture|photo|avatar)$/i,
    ['https://example.com/image.png', 'https://example.com/more.png'],
  ],
  [/(first_?name)$/i, ['Ada', 'Grace']],
  [/(company|team|shop|store|brand|product|app)(_?name)?$/i, ['Northwind', 'Meadow']],
  [/name$/i, ['Ada Lovelace', 'Grace Hopper']],
  [/(code|otp|pin)$/i, ['482 913', '105 274']],
  [/(price|amount|total|subtotal|tax|cost|shipping)$/i, ['24.00', '9.50']],
  [/minutes$/i, [15, 30]],
  [/(quantity|count|qty|hours|days|number)$/i, [2, 1]],
  [/(date|_at|_on|day)$/i, ['15 January 2026', '16 January 2026']],
  [/(title|headline|subject)$/i, ['A quieter way to work', 'Three things we learned']],
  [
    /(text|body|summary|intro|description|message|excerpt)$/i,
    [
      'A short sample paragraph. Your own text replaces it.',
      'A second paragraph, to show two together.',
    ],
  ],
  [/^(is|has)_/i, [true, false]],
]

function likely(name: string, index = 0): unknown {
  const last = name.split('.').at(-1) ?? name
  const guess = guesses.find(([pattern]) => pattern.test(last))
  return guess ? guess[1][index] : last.replaceAll('_', ' ')
}
