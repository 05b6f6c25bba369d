import { jinjaTagsOf } from './template-tags.ts'

/** The names that a template reads, in the shape of `VariableUse`. */
export type FoundNames = {
  readonly used: Set<string>
  readonly inner: Set<string>
  readonly lists: Map<string, Set<string>>
}

/** Local names; a name of a loop has the path of its list. */
type Locals = Map<string, string | null>

/** Strings that are not closed end with the tag, so that the pattern runs in linear time. */
const token =
  /"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*|\d[\w.]*|==|\S/gs
const word = /^[A-Za-z_]/
const keywords = new Set([
  ...['and', 'or', 'not', 'in', 'is', 'if', 'else', 'recursive', 'scoped', 'required'],
  ...['true', 'false', 'none', 'True', 'False', 'None', 'loop', 'caller', 'varargs', 'kwargs'],
])
const withoutNames = new Set(['block', 'raw', 'else'])

/** Finds the variables of a template in Jinja2's language. */
export function readJinja(source: string, found: FoundNames): void {
  const locals: Locals = new Map()
  for (const { opening, inside } of jinjaTagsOf(source)) {
    const tokens = inside.match(token) ?? []
    if (opening === '{{') noteTokens(tokens, locals, found)
    else readStatement(tokens, locals, found)
  }
}

function readStatement([tag = '', ...rest]: string[], locals: Locals, found: FoundNames): void {
  if (tag.startsWith('end') || withoutNames.has(tag)) return
  if (tag === 'for') readFor(rest, locals, found)
  else if (tag === 'set') {
    const equals = rest.indexOf('=')
    noteTokens(equals < 0 ? rest.slice(1) : rest.slice(equals + 1), locals, found)
    for (const name of rest.slice(0, equals < 0 ? 1 : equals)) addLocal(locals, name)
  } else if (tag === 'macro' || tag === 'with' || (tag === 'call' && rest[0] === '(')) {
    readParameters(rest, locals, found)
  } else noteTokens(tag === 'filter' ? ['|', ...rest] : rest, locals, found)
}

function readFor(rest: readonly string[], locals: Locals, found: FoundNames): void {
  const at = rest.indexOf('in')
  if (at < 0) return
  const list = rest[at + 1] ?? ''
  const isPath = word.test(list) && rest[at + 2] !== '(' && rest[at + 2] !== '['
  const isRoot = isPath && !locals.has(headOf(list))
  if (isRoot && !found.lists.has(list)) found.lists.set(list, new Set())
  const names = rest.slice(0, at).filter((name) => word.test(name))
  // The condition of the loop may read its names.
  for (const name of names) locals.set(name, isRoot && names.length === 1 ? list : null)
  noteTokens(rest.slice(at + 1), locals, found)
}

/** Names before `=` or `,` are new; the values after `=` are read. */
function readParameters(rest: readonly string[], locals: Locals, found: FoundNames): void {
  const values = rest.filter((name, index) => {
    const isNew =
      word.test(name) && rest[index - 1] !== '=' && /^[=,)]$/.test(rest[index + 1] ?? '=')
    if (isNew) addLocal(locals, name)
    return !isNew
  })
  noteTokens(values.slice(word.test(values[0] ?? '') && values[1] === '(' ? 1 : 0), locals, found)
}

function addLocal(locals: Locals, name: string): void {
  if (word.test(name)) locals.set(headOf(name), null)
}

function noteTokens(tokens: readonly string[], locals: Locals, found: FoundNames): void {
  tokens.forEach((text, index) => {
    const before = tokens[index - 1]
    const following = tokens[index + 1]
    const isTest = before === 'is' || (before === 'not' && tokens[index - 2] === 'is')
    const isArgumentName = following === '=' && (before === '(' || before === ',')
    if (!word.test(text) || before === '|' || before === '.' || isTest || isArgumentName) return
    const path = text.replace(/\s/g, '').split('.')
    // The last name of a call is a method or a function.
    if (following === '(') path.pop()
    const [head = ''] = path
    if (head === '' || keywords.has(head)) return
    noteName(path.join('.'), locals, found)
  })
}

function noteName(name: string, locals: Locals, { used, inner, lists }: FoundNames): void {
  const head = headOf(name)
  if (!locals.has(head)) {
    used.add(name)
    return
  }
  const list = locals.get(head)
  const field = name.slice(head.length + 1)
  if (field === '' || !list) return
  inner.add(field)
  lists.get(list)?.add(field)
}

const headOf = (name: string): string => name.split('.')[0] ?? ''
