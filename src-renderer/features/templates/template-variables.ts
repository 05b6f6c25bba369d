import type { TemplateEngine } from '../../../src-main/contract/templates.ts'
import { readJinja } from './jinja-variables.ts'
import { handlebarsTagsOf, liquidTagsOf } from './template-tags.ts'

export type VariableUse = {
  /** Dotted paths from the root of the data. */
  readonly used: ReadonlySet<string>
  /** Names inside a list or another scope; they may belong to an item or to the root. */
  readonly inner: ReadonlySet<string>
  /** Lists that the template iterates, with the fields of their items. */
  readonly lists: ReadonlyMap<string, ReadonlySet<string>>
}

/** Finds the variables of a template without rendering it. */
export function variablesOf(engine: TemplateEngine, source: string): VariableUse {
  const found: Found = { used: new Set(), inner: new Set(), lists: new Map() }
  if (engine === 'handlebars') readHandlebars(source, found)
  else if (engine === 'jinja') readJinja(source, found)
  else readLiquid(source, found)
  return found
}

/** Finds declared variables that are unused, and used variables that are not declared. */
export function compareVariables(declared: readonly string[], { used, inner }: VariableUse) {
  const isRelated = (a: string, b: string) =>
    a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`)
  const all = [...used, ...inner]
  return {
    unused: declared.filter((name) => !all.some((one) => isRelated(one, name))),
    undeclared: [...used].filter((one) => !declared.some((name) => isRelated(one, name))),
  }
}

type Found = {
  readonly used: Set<string>
  readonly inner: Set<string>
  readonly lists: Map<string, Set<string>>
}

const path = /^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*$/
const literals = new Set([
  'true',
  'false',
  'null',
  'undefined',
  'this',
  'nil',
  'empty',
  'blank',
  'else',
])
const helpers = new Set(['if', 'unless', 'each', 'with', 'lookup', 'else'])

type Scope = { readonly block: string; readonly list: string | null; readonly alias: string | null }

function readHandlebars(source: string, found: Found): void {
  const scopes: Scope[] = []
  for (const { inside } of handlebarsTagsOf(source)) {
    const tag = inside.replace(/^\{/, '').replace(/^~|~$/g, '').trim()
    if (tag.startsWith('!')) continue
    if (tag.startsWith('/')) {
      scopes.pop()
      continue
    }
    const [, alias = null] = /\bas\s*\|\s*([\w]+)/.exec(tag) ?? []
    const words = wordsOf(tag.replace(/\bas\s*\|[^|]*\|/, '').replace(/^[#^&{]\s*/, ''))
    const named = words.length > 1 && helpers.has(words[0] ?? '') ? words.slice(1) : words
    for (const word of named) noteHandlebars(word, scopes, found)
    if (!/^[#^]/.test(tag)) continue
    const [block = '', subject = null] = words
    const list = block === 'each' && subject && path.test(subject) ? subject : null
    if (list && scopes.every(({ block: each }) => !changesScope(each))) {
      found.lists.set(list, found.lists.get(list) ?? new Set())
    }
    scopes.push({ block, list, alias })
  }
}

const changesScope = (block: string): boolean => block === 'each' || block === 'with'

function noteHandlebars(word: string, scopes: readonly Scope[], found: Found): void {
  const inside = scopes.filter(({ block }) => changesScope(block))
  const plain = word.replace(/^this[./]/, '').replaceAll('/', '.')
  if (word.startsWith('@root.')) {
    note(found.used, word.slice('@root.'.length))
    return
  }
  if (word.startsWith('../')) {
    const depth = word.split('../').length - 1
    const rest = word.replaceAll('../', '')
    note(inside.length <= depth ? found.used : found.inner, rest)
    return
  }
  const innermost = inside.at(-1)
  if (!innermost) {
    note(found.used, plain)
    return
  }
  const own = innermost.alias && plain.startsWith(`${innermost.alias}.`)
  const field = own ? plain.slice((innermost.alias ?? '').length + 1) : plain
  if (plain === innermost.alias) return
  note(found.inner, field)
  if (innermost.list) note(found.lists.get(innermost.list) ?? new Set(), field)
}

const keywords = new Set([
  ...['and', 'or', 'contains', 'in', 'reversed', 'limit', 'offset', 'forloop', 'with', 'as'],
])

function readLiquid(source: string, found: Found): void {
  const locals = new Map<string, string | null>()
  for (const { opening, inside } of liquidTagsOf(source)) {
    if (opening === '{{') noteLiquid(inside, locals, found)
    else readStatement(inside, locals, found)
  }
}

function readStatement(text: string, locals: Map<string, string | null>, found: Found): void {
  const [, tag = '', rest = ''] = /^(\w+)\s*([\s\S]*)$/.exec(text) ?? []
  if (tag === 'for' || tag === 'tablerow') {
    const [, local = '', list = ''] = /^(\w+)\s+in\s+(\S+)/.exec(rest) ?? []
    const isRoot = path.test(list) && !locals.has(list.split('.')[0] ?? '')
    if (isRoot) found.lists.set(list, found.lists.get(list) ?? new Set())
    noteLiquid(rest.replace(/^\w+\s+in\b/, ''), locals, found)
    locals.set(local, isRoot ? list : null)
  } else if (tag === 'assign') {
    const [, local = '', value = ''] = /^(\w+)\s*=\s*([\s\S]*)$/.exec(rest) ?? []
    noteLiquid(value, locals, found)
    locals.set(local, null)
  } else if (tag === 'capture' || tag === 'increment' || tag === 'decrement') {
    locals.set(rest.trim(), null)
  } else noteLiquid(rest, locals, found)
}

function noteLiquid(text: string, locals: ReadonlyMap<string, string | null>, found: Found): void {
  // The name of a filter is not a variable, but its arguments may be.
  const expression = text.replace(/\|\s*\w+\s*:?/g, ' ')
  for (const word of wordsOf(expression.replace(/[,:<>=!]+/g, ' '))) {
    const [head = '', ...rest] = word.split('.')
    if (keywords.has(head)) continue
    if (!locals.has(head)) {
      note(found.used, word)
      continue
    }
    const list = locals.get(head)
    if (rest.length === 0 || !list) continue
    note(found.inner, rest.join('.'))
    note(found.lists.get(list) ?? new Set(), rest.join('.'))
  }
}

function wordsOf(text: string): string[] {
  return text
    .replace(/"[^"]*"|'[^']*'/g, ' ')
    .replace(/\[[^\][]*\]/g, '')
    .split(/[\s()]+/)
    .map((word) => word.replace(/^\w+=/, ''))
    .filter((word) => word !== '')
}

function note(names: Set<string>, word: string): void {
  if (path.test(word) && !literals.has(word)) names.add(word.replace(/\.length$|\.size$/, ''))
}
