/** A regular expression as a tree. A set stands for one character, with a few that belong to it. */
export type Node =
  | { readonly type: 'set'; readonly has: (unit: string) => boolean; readonly samples: string }
  | { readonly type: 'edge'; readonly holds: (text: string, at: number) => boolean }
  | { readonly type: 'sequence'; readonly items: readonly Node[] }
  | { readonly type: 'choice'; readonly options: readonly Node[] }
  | {
      readonly type: 'look'
      readonly isBehind: boolean
      readonly isNot: boolean
      readonly node: Node
    }
  | {
      readonly type: 'repeat'
      readonly node: Node
      readonly min: number
      readonly max: number
      readonly isLazy: boolean
    }

/** Characters of mail, HTML and templates, from which the samples of a set are taken. */
const stock = `a1 ."'<>=/:-@,;(){}[]%|*_~?#&\\+!^$\n\r\té漢\u200bAZbKfé№`

/** Reads the source of a regular expression. Groups that capture are groups; nothing refers back. */
export function readPattern(source: string, flags: string): Node {
  let at = 0
  const setFlags = [...flags].filter((flag) => 'iusv'.includes(flag)).join('')

  function choice(): Node {
    const options = [sequence()]
    while (source[at] === '|') {
      at += 1
      options.push(sequence())
    }
    return options.length === 1 && options[0] ? options[0] : { type: 'choice', options }
  }

  function sequence(): Node {
    const items: Node[] = []
    while (at < source.length && source[at] !== '|' && source[at] !== ')') items.push(quantified())
    return { type: 'sequence', items }
  }

  function quantified(): Node {
    const node = atom()
    const [whole, sign, from, comma, to, lazy] =
      /^(?:([*+?])|\{(\d+)(,?)(\d*)\})(\??)/.exec(source.slice(at)) ?? []
    if (whole === undefined) return node
    at += whole.length
    const min = sign ? Number(sign === '+') : Number(from)
    const open = sign ? (sign === '?' ? 1 : Number.POSITIVE_INFINITY) : Number(to || from)
    const max = comma && !to ? Number.POSITIVE_INFINITY : open
    return { type: 'repeat', node, min, max, isLazy: lazy === '?' }
  }

  function group(opening: string, make: (inside: Node) => Node): Node {
    at += opening.length
    const inside = choice()
    at += 1
    return make(inside)
  }

  function atom(): Node {
    const rest = source.slice(at)
    for (const [opening, isBehind, isNot] of looks) {
      if (!rest.startsWith(opening)) continue
      return group(opening, (node) => ({ type: 'look', isBehind, isNot, node }))
    }
    const [opening] = /^\((?:\?:|\?<\w+>)?/.exec(rest) ?? []
    if (opening) return group(opening, (inside) => inside)
    if (rest.startsWith('^')) return edge(1, flags.includes('m') ? lineStart : textStart)
    if (rest.startsWith('$')) return edge(1, flags.includes('m') ? lineEnd : textEnd)
    if (rest.startsWith('\\b')) return edge(2, wordEdge)
    if (rest.startsWith('\\B')) return edge(2, (text, place) => !wordEdge(text, place))
    if (/^\\(?:[1-9]|k<)/.test(rest)) throw new Error(`No reference back is understood: ${source}`)
    const [one = ''] =
      /^(?:\[(?:\\[\s\S]|[^\]\\])*\]|\\[pP]\{[^}]+\}|\\u\{[^}]+\}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\c[a-z]|\\[\s\S]|[\s\S])/i.exec(
        rest,
      ) ?? []
    at += one.length
    return setOf(one, setFlags)
  }

  function edge(length: number, holds: (text: string, place: number) => boolean): Node {
    at += length
    return { type: 'edge', holds }
  }

  const whole = choice()
  if (at !== source.length) throw new Error(`The pattern is not understood from ${at}: ${source}`)
  return whole
}

const looks = [
  ['(?=', false, false],
  ['(?!', false, true],
  ['(?<=', true, false],
  ['(?<!', true, true],
] as const

const textStart = (_: string, at: number): boolean => at === 0
const textEnd = (text: string, at: number): boolean => at === text.length
const isBreak = (unit: string | undefined): boolean => unit === '\n' || unit === '\r'
const lineStart = (text: string, at: number): boolean => at === 0 || isBreak(text[at - 1])
const lineEnd = (text: string, at: number): boolean => at === text.length || isBreak(text[at])
const isWord = (unit: string | undefined): boolean => unit !== undefined && /\w/.test(unit)
const wordEdge = (text: string, at: number): boolean => isWord(text[at - 1]) !== isWord(text[at])

const sets = new Map<string, Node & { type: 'set' }>()

function setOf(written: string, flags: string): Node {
  const name = `${flags} ${written}`
  const known = sets.get(name)
  if (known) return known
  const pattern = new RegExp(`^(?:${written})$`, flags)
  const answers = new Map<string, boolean>()
  const has = (unit: string): boolean => {
    const answer = answers.get(unit)
    if (answer !== undefined) return answer
    const found = pattern.test(unit)
    answers.set(unit, found)
    return found
  }
  const own = [...written.replace(/^\\(?=.$)/, '')].filter(has)
  const samples = [...new Set([...own.slice(0, 3), ...[...stock].filter(has)])].join('')
  const made = { type: 'set', has, samples } as const
  sets.set(name, made)
  return made
}
