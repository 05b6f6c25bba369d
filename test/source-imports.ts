import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export const root = join(import.meta.dirname, '..')

export type Import = {
  readonly from: string
  /** A path from the root for our own files, the bare name for a package. */
  readonly to: string
  readonly isPackage: boolean
  readonly isType: boolean
}

const source = /\.(ts|tsx)$/
/** All files of the product, from the root. */
export const files = ['src-main', 'src-renderer'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => source.test(path)),
)
export const imports = files.flatMap(importsOf)
/** Imports of our own files. */
export const own = imports.filter(({ isPackage }) => !isPackage)
export const packages = imports.filter(({ isPackage }) => isPackage)

/** `import … from`, `export … from`, `import('…')`, and workers named by `startThread`. */
function importsOf(from: string): Import[] {
  // Code inside a template literal is not part of the file.
  const text = readFileSync(join(root, from), 'utf8').replaceAll(/`[^`]*`/g, '``')
  const statement =
    /^(?:import|export)\b([^'";]*?)\bfrom\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm
  return [...text.matchAll(statement)].map(([, clause = '', named, bare, dynamic]) => {
    const written = named ?? bare ?? dynamic ?? ''
    const isPackage = !written.startsWith('.')
    return {
      from,
      to: isPackage ? packageName(written) : relative(root, join(root, dirname(from), written)),
      isPackage,
      isType: isTypeOnly(clause),
    }
  })
}

/** `import type …`, or braces in which every name is marked as a type. */
function isTypeOnly(clause: string): boolean {
  const trimmed = clause.trim()
  if (trimmed.startsWith('type ')) return true
  const [, inside] = /^\{([\s\S]*)\}$/.exec(trimmed) ?? []
  const names = (inside ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  return names.length > 0 && names.every((name) => name.startsWith('type '))
}

function packageName(written: string): string {
  const parts = written.split('/')
  return written.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? written)
}
