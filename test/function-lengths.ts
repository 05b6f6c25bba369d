import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ESTree, parseSync, Visitor } from 'vite'
import { root } from './source-imports.ts'

export type LongFunction = { readonly path: string; readonly name: string; readonly lines: number }

type FunctionNode = ESTree.Function | ESTree.ArrowFunctionExpression

/** The functions of a file with more than `max` lines; functions inside them count too. */
export function longFunctions(path: string, max: number): LongFunction[] {
  const text = readFileSync(join(root, path), 'utf8')
  const found: LongFunction[] = []
  const names = new Map<unknown, string>()

  function check(node: FunctionNode): void {
    const lines = text.slice(node.start, node.end).split('\n').length
    if (lines <= max) return
    const name = ('id' in node && node.id?.name) || (names.get(node) ?? 'a function without a name')
    found.push({ path, name, lines })
  }

  new Visitor({
    VariableDeclarator(node) {
      if (node.id.type === 'Identifier') names.set(node.init, node.id.name)
    },
    Property(node) {
      if (node.key.type === 'Identifier') names.set(node.value, node.key.name)
    },
    FunctionDeclaration: check,
    FunctionExpression: check,
    ArrowFunctionExpression: check,
  }).visit(parseSync(path, text).program)
  return found
}
