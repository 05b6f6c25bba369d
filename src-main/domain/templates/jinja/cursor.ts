import type { Token } from './lexer.ts'
import { JinjaProblem } from './problem.ts'

export type Cursor = ReturnType<typeof createCursor>

export type KnownNames = {
  readonly isFilter: (name: string) => boolean
  readonly isTest: (name: string) => boolean
}

/** Each level uses stack. */
const maxDepth = 100

/** Reads tokens in order, and records the names that each open macro reads. */
export function createCursor(tokens: readonly Token[], known: KnownNames) {
  let at = 0
  let depth = 0
  const finish: Token = { type: 'finish', value: null, line: tokens.at(-1)?.line ?? 1 }

  const peek = (ahead = 0): Token => tokens[at + ahead] ?? finish
  const is = (type: Token['type'], value?: string): boolean => {
    const token = peek()
    return token.type === type && (value === undefined || token.value === value)
  }
  const next = (): Token => {
    const token = peek()
    at += 1
    return token
  }

  const cursor = {
    ...createReads(),
    peek,
    is,
    next,
    isOperator: (value: string) => is('operator', value),
    isWord: (value: string) => is('name', value),

    skip(type: Token['type'], value?: string): boolean {
      if (!is(type, value)) return false
      at += 1
      return true
    },

    expectOperator(value: string): void {
      if (!cursor.skip('operator', value)) throw unexpected(peek(), `“${value}”`)
    },

    expectName(): string {
      const token = next()
      if (token.type !== 'name') throw unexpected(token, 'a name')
      return token.value
    },

    expectEnd(value: 'output' | 'tag'): void {
      const token = next()
      if (token.type !== 'end') throw unexpected(token, value === 'tag' ? '%}' : '}}')
    },

    /** Bounds the nesting of expressions and blocks. */
    nested<Result>(read: () => Result): Result {
      if (depth >= maxDepth) {
        throw new JinjaProblem(`The nesting is more than ${maxDepth} levels deep.`, peek().line)
      }
      depth += 1
      try {
        return read()
      } finally {
        depth -= 1
      }
    },

    /** Refuses an unknown name before anything is rendered, as Jinja2 does. */
    require(kind: 'filter' | 'test', name: string): void {
      if (kind === 'filter' ? known.isFilter(name) : known.isTest(name)) return
      throw new JinjaProblem(`There is no ${kind} “${name}”.`, peek().line)
    },
  }
  return cursor
}

/** The names that each open macro reads. */
function createReads() {
  const readers: Set<string>[] = []
  return {
    noteRead(name: string): void {
      for (const names of readers) names.add(name)
    },

    /** Runs `read` and collects the names that it reads. */
    collectReads<Result>(read: () => Result): { result: Result; reads: ReadonlySet<string> } {
      const reads = new Set<string>()
      readers.push(reads)
      try {
        return { result: read(), reads }
      } finally {
        readers.pop()
      }
    },
  }
}

export function unexpected(token: Token, wanted: string): JinjaProblem {
  const hint =
    token.type === 'operator' && token.value === ':'
      ? ' Put the arguments of a filter in parentheses: name("argument").'
      : ''
  return new JinjaProblem(`Expected ${wanted}, found ${titleOf(token)}.${hint}`, token.line)
}

export function titleOf(token: Token): string {
  switch (token.type) {
    case 'text':
      return 'text outside of a tag'
    case 'begin':
      return token.value === 'tag' ? '{%' : '{{'
    case 'end':
      return token.value === 'tag' ? '%}' : '}}'
    case 'finish':
      return 'the end of the template'
    default:
      return `“${String(token.value).slice(0, 40)}”`
  }
}
