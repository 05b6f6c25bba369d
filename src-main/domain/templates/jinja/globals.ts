import { bind, textArgument } from './call-arguments.ts'
import { type Meter, mapEntrySteps } from './meter.ts'
import { JinjaProblem } from './problem.ts'
import { callable, isDict, isFloat, numberOf, titleOf, type Value } from './values.ts'

/** The functions of every template. */
export const createGlobals = (meter: Meter): ReadonlyMap<string, Value> =>
  new Map<string, Value>([
    ['range', callable('function range', ({ positional }) => range(positional))],
    [
      'dict',
      callable('function dict', ({ positional: [first], named }) => {
        meter.spend(((isDict(first) ? first.size : 0) + named.size) * mapEntrySteps)
        return new Map([...(isDict(first) ? first : []), ...named])
      }),
    ],
    [
      'namespace',
      callable('function namespace', ({ positional: [first], named }) => {
        meter.spend(((isDict(first) ? first.size : 0) + named.size) * mapEntrySteps)
        const start = isDict(first)
          ? [...first].map(([key, one]) => [String(key), one] as const)
          : []
        return { type: 'namespace', fields: new Map<string, Value>([...start, ...named]) }
      }),
    ],
    ['cycler', callable('function cycler', ({ positional }) => cycler(positional))],
    [
      'joiner',
      callable('function joiner', (args) => {
        const mark = textArgument(bind('joiner', args, ['sep']).sep, ', ')
        let isFirst = true
        return callable('joiner', () => {
          const text = isFirst ? '' : mark
          isFirst = false
          return text
        })
      }),
    ],
  ])

function range(args: readonly Value[]): Value {
  const numbers = args.map((value) => {
    const number = numberOf(value)
    if (number === null || isFloat(value)) {
      throw new JinjaProblem(`“range” needs whole numbers, not ${titleOf(value)}.`)
    }
    return number
  })
  if (numbers.length < 1 || numbers.length > 3) {
    throw new JinjaProblem('“range” takes one, two or three numbers.')
  }
  const [first = 0, second, step = 1] = numbers
  const [start, end] = second === undefined ? [0, first] : [first, second]
  if (step === 0) throw new JinjaProblem('The step of “range” cannot be 0.')
  return { type: 'range', start, step, size: Math.max(0, Math.ceil((end - start) / step)) }
}

function cycler(items: readonly Value[]): Value {
  if (items.length === 0) throw new JinjaProblem('“cycler” needs at least one value.')
  let at = 0
  const next = callable('method next', () => {
    const value = items[at]
    at = (at + 1) % items.length
    return value
  })
  const reset = callable('method reset', () => {
    at = 0
    return null
  })
  return {
    type: 'callable',
    title: 'cycler',
    call: next.call,
    field: (name) => {
      if (name === 'next') return next
      if (name === 'reset') return reset
      return name === 'current' ? items[at] : undefined
    },
  }
}
