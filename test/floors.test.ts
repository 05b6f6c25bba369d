import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

/** The house of the README, lowest floor first; the longest matching path counts. */
const floors: readonly (readonly [path: string, floor: number])[] = [
  ['package.json', 0],
  ['src-main/contract/', 0],
  ['src-main/base/', 1],
  ['src-main/version.ts', 1],
  ['src-main/storage/', 2],
  ['src-main/domain/', 3],
  ['src-main/doors/', 4],
  ['src-main/config.ts', 4],
  ['src-main/relay.ts', 5],
  ['src-main/relay/', 5],
  ['src-main/index.ts', 6],
  ['src-main/headless.ts', 6],
  ['src-main/shell/', 6],
  ['src-main/cli/', 6],
]

/** Where each outside library may be imported; a second place needs a reason on this page. */
const homes: Readonly<Record<string, readonly string[]>> = {
  electron: ['src-main/index.ts', 'src-main/shell/'],
  'better-sqlite3': ['src-main/storage/'],
  fastify: ['src-main/doors/http/server.ts', 'src-main/doors/http/window.ts (types)'],
  '@fastify/static': ['src-main/doors/http/'],
  selfsigned: ['src-main/doors/smtp/'],
  nodemailer: ['src-main/doors/upstream/', 'src-main/base/'],
  'html-to-text': ['src-main/base/'],
  'postal-mime': ['src-main/base/'],
  handlebars: ['src-main/domain/render-worker.ts'],
  liquidjs: ['src-main/domain/render-worker.ts'],
  zod: ['src-main/contract/', 'src-main/config.ts', 'src-main/doors/http/', 'src-main/shell/'],
}

type Import = {
  readonly from: string
  /** A path from the root for our own files, the bare name for a package. */
  readonly to: string
  readonly isPackage: boolean
  readonly isType: boolean
}

const source = /\.(ts|tsx)$/
const files = ['src-main', 'src-renderer'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => source.test(path)),
)
const imports = files.flatMap(importsOf)
const own = imports.filter(({ isPackage }) => !isPackage)
const packages = imports.filter(({ isPackage }) => isPackage)

/** `import … from`, `export … from`, `import('…')`, and workers named by `startThread`. */
function importsOf(from: string): Import[] {
  // Code that a text quotes is not ours.
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

function floorOf(path: string): number | undefined {
  const [found] = floors
    .filter(([prefix]) => path === prefix || (prefix.endsWith('/') && path.startsWith(prefix)))
    .sort(([a], [b]) => b.length - a.length)
  return found?.[1]
}

const isMain = (path: string): boolean => path.startsWith('src-main/')
const isRenderer = (path: string): boolean => path.startsWith('src-renderer/')
/** `a/b/c.ts` below `a/` is in `b`; null when it lies in `a/` itself or elsewhere. */
function folderBelow(parent: string, path: string): string | null {
  const [folder, ...rest] = path.startsWith(parent) ? path.slice(parent.length).split('/') : []
  return folder !== undefined && rest.length > 0 ? folder : null
}

describe('the floors', () => {
  it('every file of src-main stands on one', () => {
    expect(imports.length).toBeGreaterThan(400)
    expect(files.filter((path) => isMain(path) && floorOf(path) === undefined)).toEqual([])
  })

  it('nothing imports from a floor above its own', () => {
    const upward = own
      .filter(({ from }) => isMain(from))
      .filter(({ from, to }) => (floorOf(to) ?? 9) > (floorOf(from) ?? 0))
      .map(
        ({ from, to }) => `${from} (floor ${floorOf(from)}) imports ${to} (floor ${floorOf(to)})`,
      )
    expect(upward).toEqual([])
  })

  it('doors do not know each other', () => {
    const across = own
      .map(({ from, to }) => [from, to, door(from), door(to)] as const)
      .filter(([, , left, right]) => left !== null && right !== null && left !== right)
      .map(([from, to]) => `${from} imports ${to}: what both need belongs to the domain`)
    expect(across).toEqual([])
    function door(path: string) {
      return folderBelow('src-main/doors/', path)
    }
  })

  it('the contract imports zod and itself only, so that everyone may import it', () => {
    const foreign = imports
      .filter(({ from }) => from.startsWith('src-main/contract/'))
      .filter(({ to }) => to !== 'zod' && !to.startsWith('src-main/contract/'))
      .map(({ from, to }) => `${from} imports ${to}`)
    expect(foreign).toEqual([])
  })

  it('the shell is the only floor that knows Electron, and the relay runs without it', () => {
    const reached = reachable('src-main/headless.ts')
    expect([...reached].filter((path) => path.startsWith('src-main/shell/'))).toEqual([])
    const electron = packages.filter(({ from, to }) => to === 'electron' && reached.has(from))
    expect(electron).toEqual([])
  })
})

describe('outside libraries', () => {
  it('each has one home', () => {
    const astray = packages
      .filter(({ from }) => isMain(from))
      .filter(({ to }) => !to.startsWith('node:') && !builtinModules.includes(to))
      .filter(({ from, to, isType }) => !isAtHome(from, to, isType))
      .map(({ from, to }) => `${from} imports ${to}, which lives in ${homes[to] ?? 'no home yet'}`)
    expect(astray).toEqual([])
  })

  it('node modules are imported with their prefix', () => {
    const bare = packages.filter(({ to }) => builtinModules.includes(to))
    expect(bare.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  })

  function isAtHome(from: string, name: string, isType: boolean): boolean {
    return (homes[name] ?? []).some((home) => {
      const [place = '', ...onlyTypes] = home.split(' ')
      const isThere = from === place || (place.endsWith('/') && from.startsWith(place))
      return isThere && (isType || onlyTypes.length === 0)
    })
  }
})

describe('the renderer', () => {
  it('takes values from the contract only, and types from anywhere', () => {
    const values = own
      .filter(({ from, to }) => isRenderer(from) && isMain(to))
      .filter(({ to, isType }) => !isType && !to.startsWith('src-main/contract/'))
      .map(({ from, to }) => `${from} imports a value from ${to}`)
    expect(values).toEqual([])
  })

  it('uses nothing of Node or Electron', () => {
    const foreign = packages
      .filter(({ from }) => isRenderer(from))
      .filter(({ to }) => to.startsWith('node:') || to === 'electron')
      .map(({ from, to }) => `${from} imports ${to}`)
    expect(foreign).toEqual([])
  })

  it('has features that do not import each other', () => {
    const across = own
      .map(({ from, to }) => [from, to, feature(from), feature(to)] as const)
      .filter(([, , left, right]) => left !== null && right !== null && left !== right)
      .map(([from, to]) => `${from} imports ${to}`)
    expect(across).toEqual([])
    function feature(path: string) {
      return folderBelow('src-renderer/features/', path)
    }
  })

  it('keeps ui/ free of the product', () => {
    const product = own
      .filter(
        ({ from, to }) => from.startsWith('src-renderer/ui/') && !to.startsWith('src-renderer/ui/'),
      )
      .map(({ from, to }) => `${from} imports ${to}`)
    expect(product).toEqual([])
  })
})

describe('names', () => {
  const vague = /(^|[-/])(utils?|helpers?|services?|managers?|common|misc)([-./]|$)/

  it('say what a file is about', () => {
    expect(files.filter((path) => vague.test(path))).toEqual([])
  })

  it('belong to one file: there are no barrels', () => {
    const entries = ['src-main/index.ts']
    const barrels = files.filter(
      (path) => /^index\.tsx?$/.test(basename(path)) && !entries.includes(path),
    )
    expect(barrels).toEqual([])
  })
})

/** Everything that a file's values reach; imports of types are gone when it runs. */
function reachable(start: string): Set<string> {
  const found = new Set([start])
  const toVisit = [start]
  for (let path = toVisit.pop(); path !== undefined; path = toVisit.pop()) {
    for (const { from, to, isType } of own) {
      if (from !== path || isType || found.has(to)) continue
      found.add(to)
      toVisit.push(to)
    }
  }
  return found
}
