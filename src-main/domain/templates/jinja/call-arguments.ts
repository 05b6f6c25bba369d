import { JinjaProblem } from './problem.ts'
import { type Arguments, isTrue, numberOf, textOf, titleOf, type Value } from './values.ts'

/** The arguments of a call by the names of its parameters; an omitted one is undefined. */
export function bind<Name extends string>(
  title: string,
  { positional, named }: Arguments,
  names: readonly Name[],
): Readonly<Partial<Record<Name, Value>>> {
  if (positional.length > names.length) {
    throw new JinjaProblem(`${title} takes at most ${names.length} arguments.`)
  }
  const bound: Partial<Record<Name, Value>> = {}
  names.forEach((name, index) => {
    if (index < positional.length) bound[name] = positional[index]
    else if (named.has(name)) bound[name] = named.get(name)
  })
  const known: readonly string[] = names
  for (const name of named.keys()) {
    if (known.includes(name) && known.indexOf(name) >= positional.length) continue
    throw new JinjaProblem(
      known.includes(name)
        ? `${title} gets the argument “${name}” twice.`
        : `${title} has no argument “${name}”.`,
    )
  }
  return bound
}

export function numberArgument(value: Value, fallback: number): number {
  if (value === undefined) return fallback
  const number = numberOf(value)
  if (number !== null) return Math.trunc(number)
  throw new JinjaProblem(`An argument must be a number, not ${titleOf(value)}.`)
}

export function textArgument(value: Value, fallback: string): string {
  if (value === undefined) return fallback
  const text = textOf(value)
  if (text !== null) return text
  throw new JinjaProblem(`An argument must be a text, not ${titleOf(value)}.`)
}

export const flagArgument = (value: Value, fallback: boolean): boolean =>
  value === undefined ? fallback : isTrue(value)

export const noArguments: Arguments = { positional: [], named: new Map() }
