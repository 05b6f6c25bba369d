import { type Cursor, unexpected } from './cursor.ts'
import { JinjaProblem } from './problem.ts'
import type { ArgumentNodes, Expression } from './syntax.ts'

type Parse = (cursor: Cursor) => Expression

type Parsers = { readonly parseExpression: Parse; readonly parsePrimary: Parse }

/** Fields, items, slices and calls after a value. */
export function parsePostfix(cursor: Cursor, start: Expression, parsers: Parsers): Expression {
  let target = start
  for (;;) {
    if (cursor.skip('operator', '.')) target = parseField(cursor, target)
    else if (cursor.skip('operator', '[')) target = parseItem(cursor, target, parsers)
    else if (cursor.isOperator('(')) {
      target = { type: 'call', target, args: parseArguments(cursor, parsers.parseExpression) }
    } else return target
  }
}

function parseField(cursor: Cursor, target: Expression): Expression {
  const token = cursor.next()
  if (token.type === 'name') return { type: 'attribute', target, name: token.value }
  if (token.type !== 'integer') throw unexpected(token, 'the name of a field')
  return { type: 'item', target, key: { type: 'constant', value: token.value } }
}

function parseItem(cursor: Cursor, target: Expression, { parseExpression }: Parsers): Expression {
  const bounds: [Expression | null, Expression | null, Expression | null] = [null, null, null]
  let part = 0
  while (!cursor.isOperator(']')) {
    if (cursor.skip('operator', ':')) part += 1
    else bounds[Math.min(part, 2)] = parseExpression(cursor)
    if (
      part > 2 ||
      !(cursor.isOperator(':') || cursor.isOperator(']') || cursor.peek(-1).value === ':')
    ) {
      throw unexpected(cursor.peek(), '“]”')
    }
  }
  cursor.expectOperator(']')
  if (part > 0) return { type: 'slice', target, bounds }
  const [key] = bounds
  if (!key) throw unexpected(cursor.peek(-1), 'an index or a name in the brackets')
  return { type: 'item', target, key }
}

/** Arguments in parentheses: values, `name=value`, `*list` and `**map`. */
export function parseArguments(cursor: Cursor, parseExpression: Parse): ArgumentNodes {
  const { line } = cursor.peek()
  cursor.expectOperator('(')
  const positional: Expression[] = []
  const named: [string, Expression][] = []
  const names = new Set<string>()
  let spread: Expression | null = null
  let namedSpread: Expression | null = null
  let isFirst = true
  while (!cursor.isOperator(')')) {
    if (!isFirst) cursor.expectOperator(',')
    isFirst = false
    if (cursor.isOperator(')')) break
    if (cursor.skip('operator', '*')) spread = parseExpression(cursor)
    else if (cursor.skip('operator', '**')) namedSpread = parseExpression(cursor)
    else if (cursor.is('name') && isEquals(cursor)) {
      const name = cursor.expectName()
      cursor.expectOperator('=')
      if (names.has(name)) {
        throw new JinjaProblem(`The argument “${name}” is given twice.`, line)
      }
      names.add(name)
      named.push([name, parseExpression(cursor)])
    } else {
      if (named.length > 0 || namedSpread) {
        throw new JinjaProblem('Named arguments must follow unnamed ones.', line)
      }
      positional.push(parseExpression(cursor))
    }
  }
  cursor.expectOperator(')')
  return { positional, named, spread, namedSpread }
}

function isEquals(cursor: Cursor): boolean {
  const { type, value } = cursor.peek(1)
  return type === 'operator' && value === '='
}
