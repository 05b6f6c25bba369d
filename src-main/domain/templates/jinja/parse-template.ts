import { type Cursor, createCursor, type KnownNames, unexpected } from './cursor.ts'
import { tokenize } from './lexer.ts'
import { parseExpression, parseFilterUse, parseOr, parseTuple } from './parse-expression.ts'
import { parseMacro, parseParameters } from './parse-macro.ts'
import { JinjaProblem } from './problem.ts'
import type { Body, Branch, Expression, FilterUse, Statement, Target } from './syntax.ts'
import { unknownTag } from './unknown-tag.ts'

/** Throws a `JinjaProblem` for a syntax error. */
export function parseTemplate(source: string, known: KnownNames): Body {
  return parseBody(createCursor(tokenize(source), known), null, [])
}

/** Reads statements up to a tag of `ends`, whose name it leaves as the next token. */
function parseBody(cursor: Cursor, opening: Opening | null, ends: readonly string[]): Body {
  const body: Statement[] = []
  for (;;) {
    const token = cursor.next()
    if (token.type === 'finish') {
      if (opening === null) return body
      throw new JinjaProblem(
        `“${opening.name}” is not closed. End it with {% ${ends.at(-1)} %}.`,
        opening.line,
      )
    }
    if (token.type === 'text') {
      body.push({ type: 'text', text: token.value, line: token.line })
    } else if (token.type === 'begin' && token.value === 'output') {
      const expression = parseTuple(cursor, () => false)
      cursor.expectEnd('output')
      body.push({ type: 'output', expression, line: token.line })
    } else {
      const word = cursor.peek()
      if (word.type === 'name' && ends.includes(word.value)) return body
      body.push(cursor.nested(() => parseStatement(cursor)))
    }
  }
}

type Opening = { readonly name: string; readonly line: number }

function parseStatement(cursor: Cursor): Statement {
  const { line } = cursor.peek()
  const name = cursor.expectName()
  const opening = { name, line }
  switch (name) {
    case 'if':
      return parseIf(cursor, opening)
    case 'for':
      return parseFor(cursor, opening)
    case 'set':
      return parseSet(cursor, opening)
    case 'with':
      return parseWith(cursor, opening)
    case 'macro':
      return { type: 'macro', line, ...parseMacro(cursor, () => parseBlock(cursor, opening)) }
    case 'call':
      return parseCall(cursor, opening)
    case 'filter': {
      const filters = parseFilterChain(cursor, [parseFilterUse(cursor)])
      return { type: 'filter', line, filters, body: parseBlock(cursor, opening) }
    }
    case 'block':
      cursor.expectName()
      while (cursor.skip('name', 'scoped') || cursor.skip('name', 'required'));
      return { type: 'block', line, body: parseBlock(cursor, opening) }
    case 'autoescape': {
      const value = parseExpression(cursor)
      return { type: 'autoescape', line, value, body: parseBlock(cursor, opening) }
    }
    case 'print': {
      const expression = parseTuple(cursor, () => false)
      cursor.expectEnd('tag')
      return { type: 'output', line, expression }
    }
    default:
      throw unknownTag(opening)
  }
}

/** The body of a block up to its end tag, which may repeat the block's name. */
function parseBlock(cursor: Cursor, opening: Opening): Body {
  cursor.expectEnd('tag')
  const body = parseBody(cursor, opening, [`end${opening.name}`])
  closeBlock(cursor)
  return body
}

function closeBlock(cursor: Cursor): void {
  const end = cursor.expectName()
  if (end === 'endblock' || end === 'endmacro') cursor.skip('name')
  cursor.expectEnd('tag')
}

function parseIf(cursor: Cursor, opening: Opening): Statement {
  const branches: Branch[] = []
  const ends = ['elif', 'else', 'endif']
  let word = 'elif'
  while (word === 'elif') {
    const test = parseTuple(cursor, () => false)
    cursor.expectEnd('tag')
    branches.push({ test, body: parseBody(cursor, opening, ends) })
    word = cursor.expectName()
  }
  cursor.expectEnd('tag')
  let otherwise: Body = []
  if (word === 'else') {
    otherwise = parseBody(cursor, opening, ['endif'])
    closeBlock(cursor)
  }
  return { type: 'if', line: opening.line, branches, otherwise }
}

function parseFor(cursor: Cursor, opening: Opening): Statement {
  const target = parseTargets(cursor)
  if (!cursor.skip('name', 'in')) throw unexpected(cursor.peek(), '“in”')
  const isListEnd = () => cursor.isWord('recursive') || cursor.isWord('if')
  // Without conditions: “if” begins the test of the loop.
  const list = parseTuple(cursor, isListEnd, parseOr)
  const test = cursor.skip('name', 'if') ? parseExpression(cursor) : null
  const isRecursive = cursor.skip('name', 'recursive')
  cursor.expectEnd('tag')
  const body = parseBody(cursor, opening, ['else', 'endfor'])
  let otherwise: Body = []
  if (cursor.expectName() === 'else') {
    cursor.expectEnd('tag')
    otherwise = parseBody(cursor, opening, ['endfor'])
    cursor.expectName()
  }
  cursor.expectEnd('tag')
  return { type: 'for', line: opening.line, target, list, test, isRecursive, body, otherwise }
}

function parseSet(cursor: Cursor, opening: Opening): Statement {
  const { line } = opening
  const target = parseTargets(cursor)
  if (cursor.skip('operator', '=')) {
    const value = parseTuple(cursor, () => false)
    cursor.expectEnd('tag')
    return { type: 'set', line, target, value }
  }
  const filters = parseFilterChain(cursor, [])
  return { type: 'set block', line, target, filters, body: parseBlock(cursor, opening) }
}

function parseFilterChain(cursor: Cursor, start: FilterUse[]): FilterUse[] {
  const filters = [...start]
  while (cursor.skip('operator', '|')) filters.push(parseFilterUse(cursor))
  return filters
}

function parseWith(cursor: Cursor, opening: Opening): Statement {
  const values: [Target, Expression][] = []
  while (!cursor.is('end')) {
    if (values.length > 0) cursor.expectOperator(',')
    const target = parseTarget(cursor)
    cursor.expectOperator('=')
    values.push([target, parseExpression(cursor)])
  }
  return { type: 'with', line: opening.line, values, body: parseBlock(cursor, opening) }
}

function parseCall(cursor: Cursor, opening: Opening): Statement {
  const parameters = cursor.isOperator('(') ? parseParameters(cursor) : []
  const call = parseExpression(cursor)
  if (call.type !== 'call') {
    throw new JinjaProblem(
      '“call” needs a macro with parentheses: {% call name() %}.',
      opening.line,
    )
  }
  const { result: body, reads } = cursor.collectReads(() => parseBlock(cursor, opening))
  const caller = { name: 'caller', parameters, body, reads }
  return { type: 'call', line: opening.line, call, caller }
}

/** One target, or several with commas between them. */
function parseTargets(cursor: Cursor): Target {
  const first = parseTarget(cursor)
  if (!cursor.isOperator(',')) return first
  const items = [first]
  while (cursor.skip('operator', ',')) {
    if (cursor.isWord('in') || cursor.isOperator('=') || cursor.is('end')) break
    items.push(parseTarget(cursor))
  }
  return { type: 'tuple', items }
}

function parseTarget(cursor: Cursor): Target {
  if (cursor.skip('operator', '(')) {
    const found = cursor.nested(() => parseTargets(cursor))
    cursor.expectOperator(')')
    return found
  }
  const name = cursor.expectName()
  if (!cursor.skip('operator', '.')) return { type: 'name', name }
  return { type: 'field', name, field: cursor.expectName() }
}
