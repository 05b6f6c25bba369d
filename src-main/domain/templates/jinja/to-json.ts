import { numberArgument } from './call-arguments.ts'
import { represent } from './print.ts'
import { JinjaProblem } from './problem.ts'
import { isDict, isSpecial, itemsOf, textOf, titleOf, type Value } from './values.ts'

const maxDepth = 100
const maxLength = 5_000_000

/** JSON that is safe between HTML tags, in the form of Python's `json.dumps`. */
export function toJson(value: Value, indent: Value): string {
  const space =
    indent === null || indent === undefined
      ? null
      : ' '.repeat(Math.min(20, Math.max(0, numberArgument(indent, 0))))
  const budget = { left: maxLength }

  function write(one: Value, depth: number): string {
    if (depth > maxDepth)
      throw new JinjaProblem(
        'A list or a map contains itself, or is nested more than 100 levels deep.',
      )
    const text = textOf(one)
    budget.left -= 1 + (text?.length ?? 0)
    if (budget.left < 0) throw new JinjaProblem('The JSON is longer than 5,000,000 characters.')
    if (text !== null) return quote(text)
    if (one === null) return 'null'
    if (typeof one === 'boolean') return String(one)
    if (typeof one === 'number' || isSpecial(one, 'float')) return represent(one)
    const items = itemsOf(one)
    if (items)
      return join(
        '[',
        items.map((item) => write(item, depth + 1)),
        ']',
        depth,
      )
    if (isDict(one)) {
      const pairs = [...one].map(
        ([key, item]) => `${quote(String(key ?? 'null'))}: ${write(item, depth + 1)}`,
      )
      // Jinja2 sorts the keys.
      return join('{', pairs.sort(), '}', depth)
    }
    throw new JinjaProblem(`“tojson” cannot write ${titleOf(one)}.`)
  }

  function join(open: string, parts: readonly string[], close: string, depth: number): string {
    if (space === null || parts.length === 0) return `${open}${parts.join(', ')}${close}`
    const line = `\n${space.repeat(depth + 1)}`
    return `${open}${line}${parts.join(`,${line}`)}\n${space.repeat(depth)}${close}`
  }

  return write(value, 0)
}

const quote = (text: string): string =>
  JSON.stringify(text).replace(
    /[<>&'\x7f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
