import { calculate } from './arithmetic.ts'
import { bind, flagArgument, numberArgument } from './call-arguments.ts'
import { lengthOf } from './characters.ts'
import { orderOf } from './compare.ts'
import { escapeHtml } from './html-escape.ts'
import { containerSteps, type Meter } from './meter.ts'
import { print } from './print.ts'
import { JinjaProblem } from './problem.ts'
import { type Filter, iterate } from './runtime.ts'
import { foldCase, identityOf, pathReader, sortBy } from './sequences.ts'
import { createTextWriter } from './text-writer.ts'
import { isDict, isSpecial, itemsOf, markup, textOf, titleOf, tuple, type Value } from './values.ts'

const length: Filter = (_runtime, value) => {
  if (value === undefined) return 0
  const text = textOf(value)
  if (text !== null) return lengthOf(text)
  if (isDict(value) || isSpecial(value, 'range')) return value.size
  const items = itemsOf(value)
  if (items) return items.length
  throw new JinjaProblem(`${titleOf(value)} has no length.`)
}

const join: Filter = (runtime, value, args) => {
  const { d = '', attribute } = bind('join', args, ['d', 'attribute'])
  const items = iterate(runtime, value).map(pathReader(runtime, attribute))
  const isMarkup = runtime.isHtml && [d, ...items].some((item) => isSpecial(item, 'markup'))
  const write = (one: Value) => (isMarkup ? escapeHtml(one).text : print(one))
  const mark = write(d)
  const writer = createTextWriter(runtime.meter)
  items.forEach((item, index) => {
    if (index > 0) writer.add(mark)
    writer.add(write(item))
  })
  return isMarkup ? markup(writer.read()) : writer.read()
}

const sort: Filter = (runtime, value, args) => {
  const bound = bind('sort', args, ['reverse', 'case_sensitive', 'attribute'])
  const isExact = flagArgument(bound.case_sensitive, false)
  const readers = print(bound.attribute)
    .split(',')
    .map((path) => pathReader(runtime, path === '' ? undefined : path.trim()))
  const key = (item: Value) => tuple(readers.map((read) => foldCase(read(item), isExact)))
  return sortBy(runtime, iterate(runtime, value), key, flagArgument(bound.reverse, false))
}

const dictsort: Filter = (runtime, value, args) => {
  const bound = bind('dictsort', args, ['case_sensitive', 'by', 'reverse'])
  if (!isDict(value)) throw new JinjaProblem(`“dictsort” needs a map, not ${titleOf(value)}.`)
  const by = bound.by === undefined ? 'key' : print(bound.by)
  if (by !== 'key' && by !== 'value') throw new JinjaProblem('“dictsort” sorts by key or by value.')
  const isExact = flagArgument(bound.case_sensitive, false)
  const key = (pair: Value) => foldCase(itemsOf(pair)?.[by === 'key' ? 0 : 1], isExact)
  return sortBy(runtime, pairsOf(runtime.meter, value), key, flagArgument(bound.reverse, false))
}

function pairsOf(meter: Meter, value: Value): Value[] {
  if (!isDict(value)) return []
  meter.spend(value.size * containerSteps)
  return [...value].map((pair) => tuple(pair))
}

const unique: Filter = (runtime, value, args) => {
  const bound = bind('unique', args, ['case_sensitive', 'attribute'])
  const read = pathReader(runtime, bound.attribute)
  const isExact = flagArgument(bound.case_sensitive, false)
  const seen = new Set<unknown>()
  return iterate(runtime, value).filter((item) => {
    const id = identityOf(runtime.meter, foldCase(read(item), isExact))
    return seen.has(id) ? false : seen.add(id)
  })
}

const extreme =
  (name: string, sign: number): Filter =>
  (runtime, value, args) => {
    const bound = bind(name, args, ['case_sensitive', 'attribute'])
    const read = pathReader(runtime, bound.attribute)
    const isExact = flagArgument(bound.case_sensitive, false)
    const key = (item: Value) => foldCase(read(item), isExact)
    const items = iterate(runtime, value)
    return items.reduce(
      (best, item) => (sign * orderOf(key(item), key(best)) > 0 ? item : best),
      items[0],
    )
  }

const sum: Filter = (runtime, value, args) => {
  const { attribute, start = 0 } = bind('sum', args, ['attribute', 'start'])
  const read = pathReader(runtime, attribute)
  return iterate(runtime, value).reduce(
    (total, item) => calculate(runtime.meter, '+', total, read(item)),
    start,
  )
}

const groupby: Filter = (runtime, value, args) => {
  const bound = bind('groupby', args, ['attribute', 'default', 'case_sensitive'])
  const read = pathReader(runtime, bound.attribute)
  const isExact = flagArgument(bound.case_sensitive, false)
  const key = (item: Value) => foldCase(read(item) ?? bound.default, isExact)
  const groups: { readonly grouper: Value; readonly key: Value; readonly list: Value[] }[] = []
  for (const item of sortBy(runtime, iterate(runtime, value), key, false)) {
    const last = groups.at(-1)
    if (last && orderOf(last.key, key(item)) === 0) last.list.push(item)
    else {
      runtime.meter.spend(2 * containerSteps)
      groups.push({ grouper: read(item) ?? bound.default, key: key(item), list: [item] })
    }
  }
  return groups.map(({ grouper, list }) => ({
    type: 'tuple',
    items: [grouper, list],
    names: ['grouper', 'list'],
  }))
}

const batch: Filter = (runtime, value, args) => {
  const bound = bind('batch', args, ['linecount', 'fill_with'])
  const size = numberArgument(bound.linecount, 1)
  if (size < 1) throw new JinjaProblem('“batch” needs a size of 1 or more.')
  const items = iterate(runtime, value)
  runtime.meter.spend(Math.ceil(items.length / size) * containerSteps)
  const rows: Value[][] = []
  for (let at = 0; at < items.length; at += size) rows.push(items.slice(at, at + size))
  const last = rows.at(-1)
  const fill = bound.fill_with ?? null
  if (!last || fill === null) return rows
  runtime.meter.spend(size)
  while (last.length < size) last.push(fill)
  return rows
}

const slice: Filter = (runtime, value, args) => {
  const bound = bind('slice', args, ['slices', 'fill_with'])
  const count = numberArgument(bound.slices, 1)
  if (count < 1) throw new JinjaProblem('“slice” needs a number of 1 or more.')
  const items = iterate(runtime, value)
  runtime.meter.spend(count * containerSteps)
  const fill = bound.fill_with ?? null
  const size = Math.floor(items.length / count)
  const longer = items.length % count
  let at = 0
  return Array.from({ length: count }, (_, index) => {
    const part = items.slice(at, at + size + (index < longer ? 1 : 0))
    at += part.length
    return fill !== null && index >= longer && longer > 0 ? [...part, fill] : part
  })
}

const reverse: Filter = (runtime, value) => {
  const items = [...iterate(runtime, value)].reverse()
  const text = textOf(value)
  if (text === null) return items
  const reversed = items.map(print).join('')
  return isSpecial(value, 'markup') ? markup(reversed) : reversed
}

export const listFilters: Readonly<Record<string, Filter>> = {
  length,
  count: length,
  join,
  first: (runtime, value) => iterate(runtime, value)[0],
  last: (runtime, value) => iterate(runtime, value).at(-1),
  list: (runtime, value) => [...iterate(runtime, value)],
  items: ({ meter }, value) => {
    if (value === undefined || isDict(value)) return pairsOf(meter, value)
    throw new JinjaProblem(`“items” needs a map, not ${titleOf(value)}.`)
  },
  reverse,
  sort,
  dictsort,
  unique,
  min: extreme('min', -1),
  max: extreme('max', 1),
  sum,
  groupby,
  batch,
  slice,
}
