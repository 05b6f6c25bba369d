import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAst } from 'vite'
import { describe, expect, it } from 'vitest'
import { root } from './source-imports.ts'

type Tree = { readonly [name: string]: unknown }
type Title = { readonly place: string; readonly text: string }

/** `base` is the test of Playwright where a spec extends it. */
const runners = ['it', 'test', 'base']
/** Calls of a runner that take no title first. */
const settings = [
  'each',
  'for',
  'extend',
  'step',
  'use',
  'skip',
  'fixme',
  'slow',
  'skipIf',
  'runIf',
]
const startsLikeSentence = /^(?:\p{Lu}|\d|[%$“"'`-])/u
const startsLikeClause = /^(?:What|Whoever|Who|How)\b/

const titles = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(?:test|spec)\.ts$/.test(path))
  .flatMap((path) => titlesOf(join('test', path)))

describe('The titles of tests', () => {
  it('Every test file is read', () => {
    expect(titles.length).toBeGreaterThan(1200)
  })

  it('A title is a sentence: a capital, three words, and no clause as its subject', () => {
    const faults = titles.flatMap(({ place, text }) =>
      problemOf(text).map((problem) => `${place}: “${text}” ${problem}`),
    )
    expect(faults, 'write “A revoked key is refused”, not “is refused”').toEqual([])
  })

  it.each([
    ['is refused', 2],
    ['none', 2],
    ['What is kept stays', 1],
    ['Whoever waits is answered', 1],
    ['%s', 1],
    ['A revoked key is refused over HTTP and SMTP', 0],
    ['%s answers 404 for an unknown key', 0],
    ['“%s” is refused with any key', 0],
    ['400 generated messages are read', 0],
  ])('The title “%s” breaks %i rules', (text, count) => {
    expect(problemOf(text)).toHaveLength(count)
  })
})

function problemOf(text: string): string[] {
  return [
    ...(startsLikeSentence.test(text) ? [] : ['does not start with a capital letter']),
    ...(text.split(/\s+/).length >= 3 ? [] : ['has fewer than three words']),
    ...(startsLikeClause.test(text) ? ['begins with a clause instead of a noun'] : []),
  ]
}

function titlesOf(file: string): Title[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found: Title[] = []
  visit(parseAst(text, { lang: 'ts' }), (node) => {
    const title = titleOf(node, text)
    if (title === null) return
    const line = text.slice(0, Number(node.start)).split('\n').length
    found.push({ place: `${file}:${line}`, text: title })
  })
  return found
}

/** The literal title of `it(…)`, `test.only(…)`, `it.each(…)(…)`; null for any other node. */
function titleOf(node: Tree, text: string): string | null {
  if (node.type !== 'CallExpression') return null
  const names = namesOf(node.callee as Tree)
  const [first] = node.arguments as readonly Tree[]
  const direct = node.callee as Tree
  const method = (direct.property as Tree | undefined)?.name
  if (!runners.includes(names[0] ?? '') || settings.includes(String(method)) || !first) return null
  if (first.type === 'Literal' && typeof first.value === 'string') return first.value
  if (first.type !== 'TemplateLiteral') return null
  return text.slice(Number(first.start) + 1, Number(first.end) - 1)
}

/** `it.each(…)` is `['it', 'each']`. */
function namesOf(callee: Tree): string[] {
  if (callee.type === 'Identifier') return [String(callee.name)]
  if (callee.type === 'CallExpression') return namesOf(callee.callee as Tree)
  if (callee.type !== 'MemberExpression') return []
  return [...namesOf(callee.object as Tree), String((callee.property as Tree).name)]
}

function visit(node: unknown, see: (node: Tree) => void): void {
  if (Array.isArray(node)) for (const item of node) visit(item, see)
  else if (typeof node === 'object' && node !== null) {
    see(node as Tree)
    for (const value of Object.values(node)) visit(value, see)
  }
}
