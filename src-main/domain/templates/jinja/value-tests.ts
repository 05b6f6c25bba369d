import { bind } from './call-arguments.ts'
import { compare, contains, isEqual } from './compare.ts'
import { filters } from './filters.ts'
import type { Meter } from './meter.ts'
import { print } from './print.ts'
import { JinjaProblem } from './problem.ts'
import type { ComparisonOperator } from './syntax.ts'
import {
  type Arguments,
  isDict,
  isFloat,
  isSpecial,
  itemsOf,
  numberOf,
  textOf,
  titleOf,
  type Value,
} from './values.ts'

type ValueTest = (value: Value, args: Arguments, meter: Meter) => boolean

const other = (args: Arguments): Value => bind('This test', args, ['other']).other

const comparison =
  (operator: ComparisonOperator): ValueTest =>
  (value, args, meter) =>
    compare(meter, operator, value, other(args))

const isNumber = (value: Value): boolean => numberOf(value) !== null
const isInteger = (value: Value): boolean =>
  isNumber(value) && !isFloat(value) && typeof value !== 'boolean'
const isSequence = (value: Value): boolean =>
  textOf(value) !== null || itemsOf(value) !== null || isDict(value) || isSpecial(value, 'range')

function rest(value: Value, by: number): number {
  const number = numberOf(value)
  if (number === null) throw new JinjaProblem(`This test needs a number, not ${titleOf(value)}.`)
  return Math.abs(number % by)
}

const equal = comparison('==')
const unequal = comparison('!=')
const less = comparison('<')
const atMost = comparison('<=')
const greater = comparison('>')
const atLeast = comparison('>=')

export const valueTests: ReadonlyMap<string, ValueTest> = new Map(
  Object.entries<ValueTest>({
    defined: (value) => value !== undefined,
    undefined: (value) => value === undefined,
    none: (value) => value === null,
    boolean: (value) => typeof value === 'boolean',
    true: (value) => value === true,
    false: (value) => value === false,
    string: (value) => textOf(value) !== null,
    number: isNumber,
    integer: isInteger,
    float: isFloat,
    mapping: isDict,
    sequence: isSequence,
    iterable: (value) => value === undefined || isSequence(value),
    callable: (value) => isSpecial(value, 'callable'),
    escaped: (value) => isSpecial(value, 'markup'),
    odd: (value) => rest(value, 2) === 1,
    even: (value) => rest(value, 2) === 0,
    divisibleby: (value, args) => {
      const by = numberOf(bind('divisibleby', args, ['num']).num)
      if (!by) throw new JinjaProblem('“divisibleby” needs a number that is not 0.')
      return rest(value, by) === 0
    },
    lower: (value) =>
      print(value) !== print(value).toUpperCase() && print(value) === print(value).toLowerCase(),
    upper: (value) =>
      print(value) !== print(value).toLowerCase() && print(value) === print(value).toUpperCase(),
    in: (value, args, meter) => contains(meter, bind('in', args, ['seq']).seq, value),
    sameas: (value, args) =>
      isEqual(value, other(args)) &&
      typeof value === typeof other(args) &&
      (typeof value !== 'object' || value === other(args)),
    filter: (value) => filters.has(print(value)),
    test: (value): boolean => valueTests.has(print(value)),
    eq: equal,
    equalto: equal,
    '==': equal,
    ne: unequal,
    '!=': unequal,
    lt: less,
    lessthan: less,
    '<': less,
    le: atMost,
    '<=': atMost,
    gt: greater,
    greaterthan: greater,
    '>': greater,
    ge: atLeast,
    '>=': atLeast,
  }),
)
