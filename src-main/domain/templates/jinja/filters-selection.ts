import { bind, noArguments } from './call-arguments.ts'
import { print } from './print.ts'
import { JinjaProblem } from './problem.ts'
import { type Filter, iterate, type Runtime } from './runtime.ts'
import { pathReader } from './sequences.ts'
import { type Arguments, isDict, isTrue, type Value } from './values.ts'

/** The check of `select('test', …)`; without a test, the truth of the value. */
function checkOf(runtime: Runtime, [test, ...positional]: readonly Value[], { named }: Arguments) {
  if (test === undefined) return isTrue
  const name = print(test)
  return (item: Value) => runtime.test(name, item, { positional, named })
}

const select =
  (wanted: boolean): Filter =>
  (runtime, value, args) => {
    const check = checkOf(runtime, args.positional, args)
    return iterate(runtime, value).filter((item) => check(item) === wanted)
  }

const selectAttribute =
  (name: string, wanted: boolean): Filter =>
  (runtime, value, args) => {
    const [path, ...rest] = args.positional
    if (path === undefined) throw new JinjaProblem(`“${name}” needs the name of a field.`)
    const read = pathReader(runtime, path)
    const check = checkOf(runtime, rest, args)
    return iterate(runtime, value).filter((item) => check(read(item)) === wanted)
  }

const map: Filter = (runtime, value, args) => {
  const items = iterate(runtime, value)
  if (args.positional.length === 0) {
    const { attribute, default: fallback } = bind('map', args, ['attribute', 'default'])
    if (attribute === undefined) throw new JinjaProblem('“map” needs a filter or an attribute.')
    const read = pathReader(runtime, attribute)
    return items.map((item) => read(item) ?? fallback)
  }
  const [filter, ...positional] = args.positional
  const name = print(filter)
  return items.map((item) => runtime.filter(name, item, { positional, named: args.named }))
}

export const selectionFilters: Readonly<Record<string, Filter>> = {
  select: select(true),
  reject: select(false),
  selectattr: selectAttribute('selectattr', true),
  rejectattr: selectAttribute('rejectattr', false),
  map,
  attr: (runtime, value, args) => {
    const { name } = bind('attr', args, ['name'])
    // As in Jinja2, the keys of a map are no attributes.
    return isDict(value) ? undefined : runtime.field(value, print(name))
  },
  default: (_runtime, value, args) => fallback(value, args),
  d: (_runtime, value, args) => fallback(value, args),
}

function fallback(value: Value, args: Arguments = noArguments): Value {
  const bound = bind('default', args, ['default_value', 'boolean'])
  const isUsed = value === undefined || (isTrue(bound.boolean) && !isTrue(value))
  return isUsed
    ? bound.default_value === undefined && !hasFirst(args)
      ? ''
      : bound.default_value
    : value
}

const hasFirst = ({ positional, named }: Arguments): boolean =>
  positional.length > 0 || named.has('default_value')
