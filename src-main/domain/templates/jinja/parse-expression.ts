import { type Cursor, unexpected } from './cursor.ts'
import { parseArguments, parsePostfix } from './parse-postfix.ts'
import { JinjaProblem } from './problem.ts'
import type { Comparison, ComparisonOperator, Expression } from './syntax.ts'

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>='])
const constants: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
])

/** An expression with the precedence of Jinja2, conditions included. */
export function parseExpression(cursor: Cursor): Expression {
  return cursor.nested(() => {
    let then = parseOr(cursor)
    while (cursor.skip('name', 'if')) {
      const test = parseOr(cursor)
      const otherwise = cursor.skip('name', 'else') ? parseExpression(cursor) : null
      then = { type: 'condition', test, then, otherwise }
    }
    return then
  })
}

/** An expression, or several with commas between them. */
export function parseTuple(
  cursor: Cursor,
  isEnd: () => boolean,
  parse: (cursor: Cursor) => Expression = parseExpression,
): Expression {
  const items: Expression[] = []
  let isTuple = false
  while (!isEnd() && !cursor.is('end')) {
    items.push(parse(cursor))
    if (!cursor.skip('operator', ',')) break
    isTuple = true
  }
  const [first] = items
  if (!first) throw unexpected(cursor.peek(), 'a value')
  return isTuple ? { type: 'tuple', items } : first
}

export function parseOr(cursor: Cursor): Expression {
  let left = parseAnd(cursor)
  while (cursor.skip('name', 'or')) left = { type: 'or', left, right: parseAnd(cursor) }
  return left
}

function parseAnd(cursor: Cursor): Expression {
  let left = parseNot(cursor)
  while (cursor.skip('name', 'and')) left = { type: 'and', left, right: parseNot(cursor) }
  return left
}

function parseNot(cursor: Cursor): Expression {
  if (!cursor.skip('name', 'not')) return parseComparison(cursor)
  return cursor.nested(() => ({ type: 'unary', operator: 'not', operand: parseNot(cursor) }))
}

function parseComparison(cursor: Cursor): Expression {
  const first = parseSum(cursor)
  const rest: Comparison[] = []
  for (;;) {
    const operator = readComparison(cursor)
    if (operator === null) break
    rest.push({ operator, operand: parseSum(cursor) })
  }
  return rest.length === 0 ? first : { type: 'compare', first, rest }
}

function readComparison(cursor: Cursor): ComparisonOperator | null {
  const token = cursor.peek()
  if (token.type === 'operator' && comparisons.has(token.value)) {
    cursor.next()
    // The set holds nothing else.
    return token.value as ComparisonOperator
  }
  if (cursor.skip('name', 'in')) return 'in'
  const following = cursor.peek(1)
  if (!cursor.isWord('not') || following.type !== 'name' || following.value !== 'in') return null
  cursor.next()
  cursor.next()
  return 'not in'
}

function parseSum(cursor: Cursor): Expression {
  let left = parseConcat(cursor)
  for (;;) {
    const operator = (['+', '-'] as const).find((one) => cursor.skip('operator', one))
    if (!operator) return left
    left = { type: 'binary', operator, left, right: parseConcat(cursor) }
  }
}

function parseConcat(cursor: Cursor): Expression {
  const first = parseProduct(cursor)
  const parts = [first]
  while (cursor.skip('operator', '~')) parts.push(parseProduct(cursor))
  return parts.length === 1 ? first : { type: 'concat', parts }
}

function parseProduct(cursor: Cursor): Expression {
  let left = parsePower(cursor)
  for (;;) {
    const operator = (['*', '/', '//', '%'] as const).find((one) => cursor.skip('operator', one))
    if (!operator) return left
    left = { type: 'binary', operator, left, right: parsePower(cursor) }
  }
}

function parsePower(cursor: Cursor): Expression {
  let left = parseUnary(cursor, true)
  while (cursor.skip('operator', '**')) {
    left = { type: 'binary', operator: '**', left, right: parseUnary(cursor, true) }
  }
  return left
}

/** As in Jinja2, the filters after `-x` apply to the negative value. */
function parseUnary(cursor: Cursor, withFilters: boolean): Expression {
  const operator = (['-', '+'] as const).find((one) => cursor.skip('operator', one))
  const found: Expression = operator
    ? cursor.nested(() => ({ type: 'unary', operator, operand: parseUnary(cursor, false) }))
    : parsePostfix(cursor, parsePrimary(cursor), { parseExpression, parsePrimary })
  return withFilters ? parseFilters(cursor, found) : found
}

function parseFilters(cursor: Cursor, target: Expression): Expression {
  let found = target
  for (;;) {
    if (cursor.skip('operator', '|')) {
      found = { type: 'filter', target: found, ...parseFilterUse(cursor) }
    } else if (cursor.skip('name', 'is')) found = parseTest(cursor, found)
    else if (cursor.isOperator('(')) {
      found = { type: 'call', target: found, args: parseArguments(cursor, parseExpression) }
    } else return found
  }
}

/** The name and the arguments of a filter. */
export function parseFilterUse(cursor: Cursor) {
  const name = parseDottedName(cursor)
  cursor.require('filter', name)
  const args = cursor.isOperator('(') ? parseArguments(cursor, parseExpression) : noArguments
  return { name, args }
}

const noArguments = { positional: [], named: [], spread: null, namedSpread: null }

function parseDottedName(cursor: Cursor): string {
  let name = cursor.expectName()
  while (cursor.skip('operator', '.')) name += `.${cursor.expectName()}`
  return name
}

function parseTest(cursor: Cursor, target: Expression): Expression {
  const isNegated = cursor.skip('name', 'not')
  const name = parseDottedName(cursor)
  cursor.require('test', name)
  const test: Expression = { type: 'test', target, name, args: parseTestArguments(cursor) }
  return isNegated ? { type: 'unary', operator: 'not', operand: test } : test
}

function parseTestArguments(cursor: Cursor) {
  if (cursor.isOperator('(')) return parseArguments(cursor, parseExpression)
  const { type } = cursor.peek()
  const isValue =
    ['name', 'string', 'integer', 'float'].includes(type) ||
    cursor.isOperator('[') ||
    cursor.isOperator('{')
  const isWord = ['else', 'or', 'and', 'if', 'in', 'not'].some((word) => cursor.isWord(word))
  if (!isValue || isWord) return noArguments
  if (cursor.isWord('is')) {
    throw new JinjaProblem('Two tests follow each other. Join them with “and”.', cursor.peek().line)
  }
  const argument = parsePostfix(cursor, parsePrimary(cursor), { parseExpression, parsePrimary })
  return { ...noArguments, positional: [argument] }
}

export function parsePrimary(cursor: Cursor): Expression {
  const token = cursor.next()
  switch (token.type) {
    case 'name': {
      const constant = constants.get(token.value)
      if (constant !== undefined) return { type: 'constant', value: constant }
      cursor.noteRead(token.value)
      return { type: 'name', name: token.value }
    }
    case 'string': {
      const parts = [token.value]
      for (let part = cursor.peek(); part.type === 'string'; part = cursor.peek()) {
        parts.push(part.value)
        cursor.next()
      }
      return { type: 'constant', value: parts.join('') }
    }
    case 'integer':
      return { type: 'constant', value: token.value }
    case 'float':
      return { type: 'float', value: token.value }
    default:
      if (token.type === 'operator' && token.value === '(') return parseGroup(cursor)
      if (token.type === 'operator' && token.value === '[') return parseList(cursor)
      if (token.type === 'operator' && token.value === '{') return parseDict(cursor)
      throw unexpected(token, 'a value')
  }
}

function parseGroup(cursor: Cursor): Expression {
  if (cursor.skip('operator', ')')) return { type: 'tuple', items: [] }
  const found = parseTuple(cursor, () => cursor.isOperator(')'))
  cursor.expectOperator(')')
  return found
}

function parseList(cursor: Cursor): Expression {
  const items: Expression[] = []
  while (!cursor.isOperator(']')) {
    if (items.length > 0) cursor.expectOperator(',')
    if (!cursor.isOperator(']')) items.push(parseExpression(cursor))
  }
  cursor.expectOperator(']')
  return { type: 'list', items }
}

function parseDict(cursor: Cursor): Expression {
  const entries: [Expression, Expression][] = []
  while (!cursor.isOperator('}')) {
    if (entries.length > 0) cursor.expectOperator(',')
    if (cursor.isOperator('}')) break
    const key = parseExpression(cursor)
    cursor.expectOperator(':')
    entries.push([key, parseExpression(cursor)])
  }
  cursor.expectOperator('}')
  return { type: 'dict', entries }
}
