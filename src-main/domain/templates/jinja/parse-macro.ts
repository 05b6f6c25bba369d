import type { Cursor } from './cursor.ts'
import { parseExpression } from './parse-expression.ts'
import { JinjaProblem } from './problem.ts'
import type { Body, Expression, MacroParts } from './syntax.ts'

/** A macro after the word “macro”; `parseBody` reads the rest of the tag and the body. */
export function parseMacro(cursor: Cursor, parseBody: () => Body): MacroParts {
  const name = cursor.expectName()
  const parameters = parseParameters(cursor)
  const { result: body, reads } = cursor.collectReads(parseBody)
  return { name, parameters, body, reads }
}

export function parseParameters(cursor: Cursor): MacroParts['parameters'] {
  const parameters: { name: string; value: Expression | null }[] = []
  cursor.expectOperator('(')
  while (!cursor.isOperator(')')) {
    if (parameters.length > 0) cursor.expectOperator(',')
    const { line } = cursor.peek()
    const name = cursor.expectName()
    const value = cursor.skip('operator', '=') ? parseExpression(cursor) : null
    if (value === null && parameters.at(-1)?.value) {
      throw new JinjaProblem(
        `“${name}” needs a default, since the parameter before it has one.`,
        line,
      )
    }
    parameters.push({ name, value })
  }
  cursor.expectOperator(')')
  return parameters
}
