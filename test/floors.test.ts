import { existsSync, readdirSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { longFunctions } from './function-lengths.ts'
import { findCircles } from './import-circles.ts'
import { files, imports, own, packages, root } from './source-imports.ts'

/** The floors of docs/architecture.md, lowest first; the longest matching path counts. */
const floors: readonly (readonly [path: string, floor: number])[] = [
  ['package.json', 0],
  ['src-main/contract/', 0],
  ['src-main/base/', 1],
  ['src-main/mime/', 1],
  ['src-main/html/', 1],
  ['src-main/version.ts', 1],
  ['src-main/storage/', 2],
  ['src-main/domain/', 3],
  ['src-main/http/', 4],
  ['src-main/smtp/', 4],
  ['src-main/outbound/', 4],
  ['src-main/config.ts', 5],
  ['src-main/server.ts', 5],
  ['src-main/server/', 5],
  ['src-main/index.ts', 6],
  ['src-main/headless.ts', 6],
  ['src-main/library.ts', 6],
  ['src-main/electron/', 6],
  ['src-main/cli/', 6],
]

/** The folders of the domain: each imports those before it. */
const nouns = [
  ...['auth', 'settings', 'reading', 'limits', 'relays', 'templates', 'delivery', 'webhooks'],
  ...['messages', 'inbox', 'jobs', 'outbox', 'maintenance', 'views', 'metrics', 'tenants'],
  ...['request-log', 'usage', 'alerts', 'domain.ts'],
]

/** Protocols, which meet in the domain only. */
const protocols = ['http', 'smtp', 'outbound']

/** The files that may import each library; a second place needs a reason here. */
const homes: Readonly<Record<string, readonly string[]>> = {
  electron: ['src-main/index.ts', 'src-main/electron/'],
  'better-sqlite3': ['src-main/storage/'],
  fastify: ['src-main/http/server.ts', 'src-main/http/ (types)'],
  '@fastify/static': ['src-main/http/'],
  selfsigned: ['src-main/smtp/'],
  nodemailer: ['src-main/outbound/', 'src-main/mime/'],
  'html-to-text': ['src-main/html/'],
  'postal-mime': ['src-main/mime/'],
  handlebars: ['src-main/domain/templates/render-worker.ts'],
  marked: ['src-main/http/markdown.ts'],
  liquidjs: ['src-main/domain/templates/render-worker.ts'],
  zod: ['src-main/contract/', 'src-main/config.ts', 'src-main/http/', 'src-main/electron/'],
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

describe('The floors of the source tree', () => {
  it('Every file of src-main has a floor', () => {
    expect(imports.length).toBeGreaterThan(400)
    expect(files.filter((path) => isMain(path) && floorOf(path) === undefined)).toEqual([])
  })

  it('No file imports from a floor above its own', () => {
    const upward = own
      .filter(({ from }) => isMain(from))
      .filter(({ from, to }) => (floorOf(to) ?? 9) > (floorOf(from) ?? 0))
      .map(
        ({ from, to }) => `${from} (floor ${floorOf(from)}) imports ${to} (floor ${floorOf(to)})`,
      )
    expect(upward).toEqual([])
  })

  it('The folders http, smtp and outbound do not import each other', () => {
    const across = own
      .map(({ from, to }) => [from, to, protocol(from), protocol(to)] as const)
      .filter(([, , left, right]) => left !== null && right !== null && left !== right)
      .map(([from, to]) => `${from} imports ${to}: code that both need belongs to the domain`)
    expect(across).toEqual([])
    function protocol(path: string) {
      return protocols.find((name) => path.startsWith(`src-main/${name}/`)) ?? null
    }
  })

  it('A folder of the domain imports only the folders before it', () => {
    const noun = (path: string): string | null =>
      /^src-main\/domain\/([^/]+)/.exec(path)?.[1] ?? null
    const unknown = files.map(noun).filter((name) => name !== null && !nouns.includes(name))
    expect(unknown, 'every folder of src-main/domain/ has a place in `nouns`').toEqual([])
    const backward = own
      .map(({ from, to }) => [from, to, noun(from), noun(to)] as const)
      .filter(([, , left, right]) => left !== null && right !== null)
      .filter(([, , left, right]) => nouns.indexOf(right ?? '') > nouns.indexOf(left ?? ''))
      .map(([from, to, left, right]) => `${from} imports ${to}: ${right}/ stands above ${left}/`)
    expect(backward).toEqual([])
  })

  it('No files import each other in a circle, not even by types', () => {
    const circles = findCircles(files, own)
    expect(circles.map((circle) => `These import each other: ${circle.join(', ')}`)).toEqual([])
  })

  it('The contract imports only zod and itself, so that every file may import it', () => {
    const foreign = imports
      .filter(({ from }) => from.startsWith('src-main/contract/'))
      .filter(({ to }) => to !== 'zod' && !to.startsWith('src-main/contract/'))
      .map(({ from, to }) => `${from} imports ${to}`)
    expect(foreign).toEqual([])
  })

  it('Only electron/ imports Electron, and the headless server runs without it', () => {
    const reached = reachable('src-main/headless.ts')
    expect([...reached].filter((path) => path.startsWith('src-main/electron/'))).toEqual([])
    const electron = packages.filter(({ from, to }) => to === 'electron' && reached.has(from))
    expect(electron).toEqual([])
  })
})

describe('The external libraries', () => {
  it('Each library has one home', () => {
    const astray = packages
      .filter(({ from }) => isMain(from))
      .filter(({ to }) => !to.startsWith('node:') && !builtinModules.includes(to))
      .filter(({ from, to, isType }) => !isAtHome(from, to, isType))
      .map(({ from, to }) => `${from} imports ${to}, which lives in ${homes[to] ?? 'no home yet'}`)
    expect(astray).toEqual([])
  })

  it('HTML becomes text on worker threads only, because it takes up to a second', () => {
    const reached = reachable('src-main/server.ts')
    const blocking = packages.filter(({ from, to }) => to === 'html-to-text' && reached.has(from))
    expect(blocking.map(({ from }) => from)).toEqual([])
  })

  it('Node modules are imported with their prefix', () => {
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

describe('The renderer', () => {
  it('The renderer imports values from the contract only, and types from anywhere', () => {
    const values = own
      .filter(({ from, to }) => isRenderer(from) && isMain(to))
      .filter(({ to, isType }) => !isType && !to.startsWith('src-main/contract/'))
      .map(({ from, to }) => `${from} imports a value from ${to}`)
    expect(values).toEqual([])
  })

  it('The renderer uses no module of Node or Electron', () => {
    const foreign = packages
      .filter(({ from }) => isRenderer(from))
      .filter(({ to }) => to.startsWith('node:') || to === 'electron')
      .map(({ from, to }) => `${from} imports ${to}`)
    expect(foreign).toEqual([])
  })

  it('Features do not import each other', () => {
    const across = own
      .map(({ from, to }) => [from, to, feature(from), feature(to)] as const)
      .filter(([, , left, right]) => left !== null && right !== null && left !== right)
      .map(([from, to]) => `${from} imports ${to}`)
    expect(across).toEqual([])
    function feature(path: string) {
      return folderBelow('src-renderer/features/', path)
    }
  })

  it('The folder ui/ is free of the product', () => {
    const product = own
      .filter(
        ({ from, to }) => from.startsWith('src-renderer/ui/') && !to.startsWith('src-renderer/ui/'),
      )
      .map(({ from, to }) => `${from} imports ${to}`)
    expect(product).toEqual([])
  })
})

describe('The source folders', () => {
  const folders = [...new Set(files.map((path) => dirname(path)))]

  it('A folder of more than five files has a README', () => {
    const undescribed = folders
      .filter((folder) => {
        const own = readdirSync(join(root, folder), { withFileTypes: true })
        return own.filter((entry) => entry.isFile() && entry.name !== 'README.md').length > 5
      })
      .filter((folder) => !existsSync(join(root, folder, 'README.md')))
      .filter((folder) => !folder.endsWith('/migrations'))
    expect(undescribed, 'say what it is for, where to begin, what it must never do').toEqual([])
  })
})

describe('The functions', () => {
  const max = 80

  it('No function of src-main has more than 80 lines', () => {
    const long = files.filter(isMain).flatMap((path) => longFunctions(path, max))
    expect(
      long.map(({ path, name, lines }) => `${path}: ${name} has ${lines} lines`),
      'move rules and statements into functions of their own',
    ).toEqual([])
  })
})

describe('The file names', () => {
  const vague = /(^|[-/])(utils?|helpers?|services?|managers?|common|misc)([-./]|$)/

  it('A file name names its subject', () => {
    expect(files.filter((path) => vague.test(path))).toEqual([])
  })

  it('A name belongs to one file: there are no barrels', () => {
    const entries = ['src-main/index.ts']
    const barrels = files.filter(
      (path) => /^index\.tsx?$/.test(basename(path)) && !entries.includes(path),
    )
    expect(barrels).toEqual([])
  })
})

/** All files that the values of a file reach; type imports do not exist at run time. */
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
