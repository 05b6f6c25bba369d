import type { Syntax } from './snippets/sample.ts'

export type Piece = {
  readonly text: string
  readonly kind: 'plain' | 'comment' | 'string' | 'word'
}

const strings = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/
const hash = /(?<![\w$'"&])#[^\n]*/
const slashes = /(?<!:)\/\/[^\n]*|\/\*[\s\S]*?\*\//

const words = {
  script:
    'await|const|for|from|func|if|import|interface|let|new|nil|package|require|return|string|true|false|use|using|var|function',
  python: 'as|False|from|import|True|with',
  ruby: 'do|end|false|true',
} as const

const patterns: Readonly<Record<Syntax, RegExp>> = {
  env: either({ comment: /^#[^\n]*/, word: /^[A-Z][A-Z0-9_]*(?==)/, string: strings }),
  shell: either({ string: strings, comment: /^#[^\n]*/, word: /(?<=^|\s)--?[A-Za-z][\w-]*/ }),
  script: either({ comment: slashes, string: strings, word: keyword(words.script) }),
  python: either({ comment: hash, string: strings, word: keyword(words.python) }),
  ruby: either({ comment: hash, string: strings, word: keyword(words.ruby) }),
  properties: either({ comment: /^#[^\n]*/, word: /^[\w.]+(?==)/ }),
  yaml: either({ comment: /#[^\n]*/, word: /^\s*[\w.]+(?=:)/, string: strings }),
}

/** Splits code into pieces by colour; joined, they give the same code. */
export function colourCode(code: string, syntax: Syntax): readonly Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of code.matchAll(patterns[syntax])) {
    if (match.index > end) pieces.push({ text: code.slice(end, match.index), kind: 'plain' })
    const { comment, string } = match.groups ?? {}
    const kind = comment ? 'comment' : string ? 'string' : 'word'
    pieces.push({ text: match[0], kind })
    end = match.index + match[0].length
  }
  if (end < code.length) pieces.push({ text: code.slice(end), kind: 'plain' })
  return pieces
}

function either(kinds: Readonly<Partial<Record<'comment' | 'string' | 'word', RegExp>>>): RegExp {
  const parts = Object.entries(kinds).map(([kind, { source }]) => `(?<${kind}>${source})`)
  return new RegExp(parts.join('|'), 'gm')
}

function keyword(list: string): RegExp {
  return new RegExp(`(?<![\\w$.])(?:${list})(?![\\w:])`)
}
