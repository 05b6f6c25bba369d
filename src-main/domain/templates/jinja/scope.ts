import { JinjaProblem } from './problem.ts'
import type { Target } from './syntax.ts'
import { isDict, isSpecial, itemsOf, titleOf, type Value } from './values.ts'

/** The names of a block; an inner block sees those of the outer ones. */
export type Scope = { readonly names: Map<string, Value>; readonly outer: Scope | null }

export const createScope = (outer: Scope | null): Scope => ({ names: new Map(), outer })

export function lookUp(scope: Scope, name: string): Value {
  for (let at: Scope | null = scope; at; at = at.outer) {
    if (at.names.has(name)) return at.names.get(name)
  }
  return undefined
}

/** Sets names in this block only. */
export function assign(scope: Scope, target: Target, value: Value): void {
  if (target.type === 'name') scope.names.set(target.name, value)
  else if (target.type === 'field') {
    const space = lookUp(scope, target.name)
    if (!isSpecial(space, 'namespace')) {
      throw new JinjaProblem(
        `“${target.name}.${target.field}” cannot be set: “${target.name}” is not a namespace().`,
      )
    }
    space.fields.set(target.field, value)
  } else {
    const items = isDict(value) ? [...value.keys()] : itemsOf(value)
    if (!items) throw new JinjaProblem(`${titleOf(value)} cannot be split into several names.`)
    if (items.length !== target.items.length) {
      throw new JinjaProblem(`${target.items.length} names cannot take ${items.length} values.`)
    }
    target.items.forEach((one, index) => {
      assign(scope, one, items[index])
    })
  }
}
