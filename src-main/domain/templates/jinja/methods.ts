import { bind, numberArgument } from './call-arguments.ts'
import { isEqual } from './compare.ts'
import { containerSteps, mapEntrySteps } from './meter.ts'
import { textMethods } from './methods-text.ts'
import { JinjaProblem } from './problem.ts'
import { iterate, type Runtime } from './runtime.ts'
import { sortBy } from './sequences.ts'
import {
  type Arguments,
  callable,
  type Dict,
  isDict,
  isList,
  isSpecial,
  isTrue,
  itemsOf,
  keyOf,
  type List,
  textOf,
  tuple,
  type Value,
} from './values.ts'

type Method<Target> = (runtime: Runtime, target: Target, args: Arguments) => Value

/** A method of Python's texts, lists and maps; undefined when there is none of this name. */
export function methodOf(runtime: Runtime, value: Value, name: string): Value {
  if (textOf(value) !== null) return bindMethod(textMethods, runtime, value, name)
  if (isDict(value)) return bindMethod(dictMethods, runtime, value, name)
  if (isList(value)) {
    return bindMethod({ ...sequenceMethods, ...listMethods }, runtime, value, name)
  }
  return isSpecial(value, 'tuple') ? bindMethod(sequenceMethods, runtime, value, name) : undefined
}

function bindMethod<Target extends Value>(
  methods: Readonly<Record<string, Method<Target>>>,
  runtime: Runtime,
  target: Target,
  name: string,
): Value {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  return method && callable(`method ${name}`, (args) => method(runtime, target, args))
}

const sequenceMethods: Readonly<Record<string, Method<Value>>> = {
  index: (_runtime, target, args) => {
    const { value } = bind('index', args, ['value'])
    const found = (itemsOf(target) ?? []).findIndex((item) => isEqual(item, value))
    if (found < 0) throw new JinjaProblem('“index” found no such item in the list.')
    return found
  },
  count: (_runtime, target, args) => {
    const { value } = bind('count', args, ['value'])
    return (itemsOf(target) ?? []).filter((item) => isEqual(item, value)).length
  },
}

/** Changes stay within the rendering: its data is a copy. */
const listMethods: Readonly<Record<string, Method<List>>> = {
  append: ({ meter }, list, args) => {
    meter.spend(1)
    list.push(bind('append', args, ['value']).value)
    return null
  },
  extend: (runtime, list, args) => {
    for (const item of [...iterate(runtime, bind('extend', args, ['items']).items)]) list.push(item)
    return null
  },
  insert: ({ meter }, list, args) => {
    const { index, value } = bind('insert', args, ['index', 'value'])
    meter.spend(list.length)
    list.splice(numberArgument(index, 0), 0, value)
    return null
  },
  pop: ({ meter }, list, args) => {
    const index = numberArgument(bind('pop', args, ['index']).index, -1)
    meter.spend(index === -1 ? 1 : list.length)
    const at = index < 0 ? index + list.length : index
    if (at < 0 || at >= list.length) throw new JinjaProblem('“pop” found no such item in the list.')
    return list.splice(at, 1)[0]
  },
  remove: ({ meter }, list, args) => {
    const { value } = bind('remove', args, ['value'])
    meter.spend(list.length)
    const at = list.findIndex((item) => isEqual(item, value))
    if (at < 0) throw new JinjaProblem('“remove” found no such item in the list.')
    list.splice(at, 1)
    return null
  },
  reverse: ({ meter }, list) => {
    meter.spend(list.length)
    list.reverse()
    return null
  },
  sort: (runtime, list, args) => {
    const { reverse } = bind('sort', args, ['reverse'])
    list.splice(0, list.length, ...sortBy(runtime, list, (item) => item, isTrue(reverse)))
    return null
  },
  copy: ({ meter }, list) => {
    meter.spend(list.length)
    return [...list]
  },
  clear: (_runtime, list) => {
    list.length = 0
    return null
  },
}

const dictMethods: Readonly<Record<string, Method<Dict>>> = {
  items: ({ meter }, dict) => {
    meter.spend(dict.size * containerSteps)
    return [...dict].map((pair) => tuple(pair))
  },
  keys: ({ meter }, dict) => {
    meter.spend(dict.size)
    return [...dict.keys()]
  },
  values: ({ meter }, dict) => {
    meter.spend(dict.size)
    return [...dict.values()]
  },
  get: (_runtime, dict, args) => {
    const { key, default: fallback = null } = bind('get', args, ['key', 'default'])
    return dict.has(keyOf(key)) ? dict.get(keyOf(key)) : fallback
  },
  pop: (_runtime, dict, args) => {
    const { key, default: fallback } = bind('pop', args, ['key', 'default'])
    if (!dict.has(keyOf(key)) && args.positional.length < 2) {
      throw new JinjaProblem('“pop” found no such key in the map.')
    }
    const value = dict.has(keyOf(key)) ? dict.get(keyOf(key)) : fallback
    dict.delete(keyOf(key))
    return value
  },
  setdefault: ({ meter }, dict, args) => {
    const { key, default: fallback = null } = bind('setdefault', args, ['key', 'default'])
    meter.spend(mapEntrySteps)
    if (!dict.has(keyOf(key))) dict.set(keyOf(key), fallback)
    return dict.get(keyOf(key))
  },
  update: ({ meter }, dict, { positional: [other], named }) => {
    meter.spend(((isDict(other) ? other.size : 0) + named.size) * mapEntrySteps)
    const pairs = [...(isDict(other) ? other : []), ...named]
    for (const [key, value] of pairs) dict.set(key, value)
    return null
  },
  copy: ({ meter }, dict) => {
    meter.spend(dict.size * mapEntrySteps)
    return new Map(dict)
  },
  clear: (_runtime, dict) => {
    dict.clear()
    return null
  },
}
