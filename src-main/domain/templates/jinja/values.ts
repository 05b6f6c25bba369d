import { JinjaProblem } from './problem.ts'

/**
 * The values of a template: a closed set, so that no JavaScript object is in reach. `undefined` is
 * Jinja2's undefined and `null` its `None`. A number with a fraction is a float; a `Float` is one
 * without.
 */
export type Value = undefined | null | boolean | number | string | List | Dict | Special

export type List = Value[]
export type Key = string | number | boolean | null
export type Dict = Map<Key, Value>

export type Special =
  | { readonly type: 'float'; readonly value: number }
  | {
      readonly type: 'tuple'
      readonly items: readonly Value[]
      /** Fields that name the items. */
      readonly names?: readonly string[]
    }
  | Markup
  | { readonly type: 'range'; readonly start: number; readonly step: number; readonly size: number }
  | Callable
  | { readonly type: 'namespace'; readonly fields: Map<string, Value> }

/** Text that is HTML already. */
export type Markup = { readonly type: 'markup'; readonly text: string }

export type Arguments = {
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
}

export type Callable = {
  readonly type: 'callable'
  readonly title: string
  readonly call: (args: Arguments) => Value
  readonly field?: (name: string) => Value
}

export const isList = (value: Value): value is List => Array.isArray(value)
export const isDict = (value: Value): value is Dict => value instanceof Map

export function isSpecial<Type extends Special['type']>(
  value: Value,
  type: Type,
): value is Extract<Special, { type: Type }> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Map) &&
    value.type === type
  )
}

export const markup = (text: string): Markup => ({ type: 'markup', text })
export const tuple = (items: readonly Value[]): Value => ({ type: 'tuple', items })

export const callable = (title: string, call: Callable['call']): Callable => ({
  type: 'callable',
  title,
  call,
})

/** A result that is a float in Python, also without a fraction. */
export const float = (value: number): Value =>
  Number.isInteger(value) ? { type: 'float', value } : value

/** A result that is an integer in Python. */
export function integer(value: number): number {
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value
  throw new JinjaProblem('An integer is beyond ±9,007,199,254,740,991.')
}

/** The number of an integer, a float or a boolean. */
export function numberOf(value: Value): number | null {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return Number(value)
  return isSpecial(value, 'float') ? value.value : null
}

export const isFloat = (value: Value): boolean =>
  isSpecial(value, 'float') || (typeof value === 'number' && !Number.isInteger(value))

export function textOf(value: Value): string | null {
  if (typeof value === 'string') return value
  return isSpecial(value, 'markup') ? value.text : null
}

/** The items of a list or a tuple. */
export function itemsOf(value: Value): readonly Value[] | null {
  if (isList(value)) return value
  return isSpecial(value, 'tuple') ? value.items : null
}

export function isTrue(value: Value): boolean {
  if (value === undefined || value === null) return false
  if (typeof value !== 'object') return Boolean(value)
  if (isList(value)) return value.length > 0
  if (isDict(value)) return value.size > 0
  switch (value.type) {
    case 'float':
      return value.value !== 0
    case 'tuple':
      return value.items.length > 0
    case 'markup':
      return value.text !== ''
    case 'range':
      return value.size > 0
    default:
      return true
  }
}

export function titleOf(value: Value): string {
  if (value === undefined) return 'an undefined value'
  if (value === null) return 'None'
  if (typeof value === 'boolean') return 'a boolean'
  if (textOf(value) !== null) return 'a text'
  if (numberOf(value) !== null) return 'a number'
  if (isDict(value)) return 'a map'
  if (itemsOf(value)) return 'a list'
  return isSpecial(value, 'callable') ? 'a function' : 'an object'
}

export function keyOf(value: Value): Key {
  const text = textOf(value)
  if (text !== null) return text
  if (isSpecial(value, 'float')) return value.value
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  throw new JinjaProblem(`${titleOf(value)} cannot be the key of a map.`)
}

/** Values of JSON as values of a template. */
export function fromJson(json: unknown): Value {
  if (json === null || typeof json === 'boolean' || typeof json === 'string') return json
  if (typeof json === 'number')
    return Number.isSafeInteger(json) || !Number.isInteger(json) ? json : float(json)
  if (Array.isArray(json)) return json.map(fromJson)
  if (typeof json !== 'object') return undefined
  return new Map(Object.entries(json).map(([key, value]) => [key, fromJson(value)]))
}
