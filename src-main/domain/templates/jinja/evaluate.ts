import { fieldOf, itemOf, sliceOf } from './access.ts'
import { calculate, concatenate, negate } from './arithmetic.ts'
import { compare } from './compare.ts'
import { containerSteps } from './meter.ts'
import { JinjaProblem } from './problem.ts'
import { callFunction, iterate, type Runtime } from './runtime.ts'
import { lookUp, type Scope } from './scope.ts'
import type { ArgumentNodes, Expression } from './syntax.ts'
import {
  type Arguments,
  float,
  isDict,
  isSpecial,
  isTrue,
  type Key,
  keyOf,
  numberOf,
  titleOf,
  tuple,
  type Value,
} from './values.ts'

type Node<Type extends Expression['type']> = Extract<Expression, { type: Type }>

export function evaluate(runtime: Runtime, scope: Scope, node: Expression): Value {
  const run = (inner: Expression): Value => evaluate(runtime, scope, inner)
  const { meter } = runtime
  meter.spend(1)
  switch (node.type) {
    case 'constant':
      return node.value
    case 'float':
      return float(node.value)
    case 'name':
      return lookUp(scope, node.name)
    case 'list':
      meter.spend(containerSteps)
      return node.items.map(run)
    case 'tuple':
      meter.spend(containerSteps)
      return tuple(node.items.map(run))
    case 'dict':
      meter.spend(containerSteps * (2 + node.entries.length))
      return new Map<Key, Value>(node.entries.map(([key, value]) => [keyOf(run(key)), run(value)]))
    case 'attribute':
      return fieldOf(runtime, defined(node.target, run(node.target)), node.name, false)
    case 'item':
      return itemOf(runtime, defined(node.target, run(node.target)), run(node.key))
    case 'slice':
      return evaluateSlice(runtime, node, run)
    case 'call':
      return evaluateCall(runtime, node, run)
    case 'filter':
      return runtime.filter(node.name, run(node.target), evaluateArguments(runtime, node.args, run))
    case 'test':
      return runtime.test(node.name, run(node.target), evaluateArguments(runtime, node.args, run))
    case 'unary':
      if (node.operator === 'not') return !isTrue(run(node.operand))
      return negate(node.operator, defined(node.operand, run(node.operand)))
    case 'binary': {
      const left = defined(node.left, run(node.left))
      const right = defined(node.right, run(node.right))
      return meter.result(() => calculate(meter, node.operator, left, right))
    }
    case 'concat':
      return concatenate(meter, node.parts.map(run), runtime.isHtml)
    case 'compare':
      return evaluateComparison(runtime, node, run)
    case 'and': {
      const left = run(node.left)
      return isTrue(left) ? run(node.right) : left
    }
    case 'or': {
      const left = run(node.left)
      return isTrue(left) ? left : run(node.right)
    }
    case 'condition':
      if (isTrue(run(node.test))) return run(node.then)
      return node.otherwise ? run(node.otherwise) : undefined
  }
}

type Run = (node: Expression) => Value

/** Refuses a field, a call or a sum of an undefined value, as Jinja2 does. */
function defined(node: Expression, value: Value): Value {
  if (value !== undefined) return value
  const name = nameOf(node)
  const hint = name?.startsWith('forloop') ? ' In Jinja2 it is “loop”.' : ''
  throw new JinjaProblem(`${name ? `“${name}”` : 'A value'} is undefined.${hint}`)
}

function nameOf(node: Expression): string | null {
  if (node.type === 'name') return node.name
  if (node.type !== 'attribute') return null
  const target = nameOf(node.target)
  return target && `${target}.${node.name}`
}

function evaluateSlice(runtime: Runtime, { target, bounds }: Node<'slice'>, run: Run): Value {
  const [start, end, step] = bounds.map((bound) => {
    if (!bound) return null
    const value = run(bound)
    const number = numberOf(value)
    if (value === null) return null
    if (number !== null && Number.isInteger(number)) return number
    throw new JinjaProblem(`A slice needs whole numbers, not ${titleOf(value)}.`)
  })
  return sliceOf(runtime, run(target), [start ?? null, end ?? null, step ?? null])
}

function evaluateCall(runtime: Runtime, { target, args }: Node<'call'>, run: Run): Value {
  const called =
    target.type === 'attribute'
      ? fieldOf(runtime, defined(target.target, run(target.target)), target.name, true)
      : run(target)
  const value = defined(target, called)
  const name = nameOf(target)
  if (!isSpecial(value, 'callable')) {
    throw new JinjaProblem(
      `${name ? `“${name}”` : titleOf(value)} is not a function, so it cannot be called.`,
    )
  }
  return callFunction(runtime, value, evaluateArguments(runtime, args, run))
}

export function evaluateArguments(
  runtime: Runtime,
  { positional, named, spread, namedSpread }: ArgumentNodes,
  run: Run,
): Arguments {
  const values = positional.map(run)
  const names = new Map(named.map(([name, node]) => [name, run(node)]))
  if (spread) values.push(...iterate(runtime, run(spread)))
  const more = namedSpread ? run(namedSpread) : null
  if (isDict(more)) for (const [key, value] of more) names.set(String(key), value)
  return { positional: values, named: names }
}

/** `a < b < c` compares each pair, until one is false. */
function evaluateComparison(
  { meter }: Runtime,
  { first, rest }: Node<'compare'>,
  run: Run,
): boolean {
  let left = run(first)
  let leftNode = first
  return rest.every(({ operator, operand }) => {
    const right = run(operand)
    if (operator.length <= 2 && !'== != in'.includes(operator)) {
      defined(leftNode, left)
      defined(operand, right)
    }
    const isRight = compare(meter, operator, left, right)
    left = right
    leftNode = operand
    return isRight
  })
}
