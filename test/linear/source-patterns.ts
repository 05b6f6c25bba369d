import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAst } from 'vite'

export type SourcePattern = {
  readonly file: string
  readonly source: string
  readonly flags: string
}

type Tree = { readonly [name: string]: unknown }

const root = join(import.meta.dirname, '../..')

/** Every regular expression that is written out in the sources, and every place that makes one. */
export function patternsOfSources() {
  const written: SourcePattern[] = []
  const made = new Map<string, number>()
  for (const folder of ['src-main', 'src-renderer']) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    for (const path of files.filter((name) => /\.tsx?$/.test(name))) {
      const file = join(folder, path)
      const text = readFileSync(join(root, file), 'utf8')
      visit(parseAst(text, { lang: path.endsWith('x') ? 'tsx' : 'ts' }), (node) => {
        const { regex, callee } = node as {
          regex?: { pattern: string; flags: string }
          callee?: Tree
        }
        if (node.type === 'Literal' && regex) {
          written.push({ file, source: regex.pattern, flags: regex.flags })
        }
        const isCall = node.type === 'NewExpression' || node.type === 'CallExpression'
        if (isCall && callee?.name === 'RegExp') made.set(file, (made.get(file) ?? 0) + 1)
      })
    }
  }
  return { written, made }
}

function visit(node: unknown, see: (node: Tree) => void): void {
  if (Array.isArray(node)) for (const item of node) visit(item, see)
  else if (typeof node === 'object' && node !== null) {
    see(node as Tree)
    for (const value of Object.values(node)) visit(value, see)
  }
}
