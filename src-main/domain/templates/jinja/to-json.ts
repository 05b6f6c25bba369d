import { numberArgument } from './call-arguments.ts'
import type { Meter } from './meter.ts'
import { represent } from './print.ts'
import { JinjaProblem } from './problem.ts'
import { createTextWriter, type TextWriter } from './text-writer.ts'
import { isDict, isSpecial, itemsOf, textOf, titleOf, type Value } from './values.ts'

const maxDepth = 100

/** JSON that is safe between HTML tags, in the form of Python's `json.dumps`. */
export function toJson(meter: Meter, value: Value, indent: Value): string {
  const space =
    indent === null || indent === undefined
      ? null
      : ' '.repeat(Math.min(20, Math.max(0, numberArgument(indent, 0))))
  const writer = createTextWriter(meter)

  function write(one: Value, depth: number): void {
    if (depth > maxDepth)
      throw new JinjaProblem(
        'A list or a map contains itself, or is nested more than 100 levels deep.',
      )
    meter.spend(1)
    const text = textOf(one)
    if (text !== null) addQuoted(writer, text)
    else if (one === null) writer.add('null')
    else if (typeof one === 'boolean') writer.add(String(one))
    else if (typeof one === 'number' || isSpecial(one, 'float')) writer.add(represent(one))
    else if (isDict(one)) writeMap(one, depth)
    else writeList(one, depth)
  }

  function writeList(one: Value, depth: number): void {
    const items = itemsOf(one)
    if (!items) throw new JinjaProblem(`“tojson” cannot write ${titleOf(one)}.`)
    writeParts('[', items, ']', depth, (item) => write(item, depth + 1))
  }

  function writeMap(map: ReadonlyMap<unknown, Value>, depth: number): void {
    meter.spend(map.size)
    const pairs = [...map].map(([key, item]) => [String(key ?? 'null'), item] as const)
    // Jinja2 sorts the keys.
    pairs.sort(([one], [other]) => (one < other ? -1 : Number(one > other)))
    writeParts('{', pairs, '}', depth, ([key, item]) => {
      addQuoted(writer, key)
      writer.add(': ')
      write(item, depth + 1)
    })
  }

  function writeParts<Part>(
    open: string,
    parts: readonly Part[],
    close: string,
    depth: number,
    writePart: (part: Part) => void,
  ): void {
    writer.add(open)
    const hasLines = space !== null && parts.length > 0
    const line = hasLines ? `\n${space.repeat(depth + 1)}` : ''
    const mark = hasLines ? `,${line}` : ', '
    parts.forEach((part, index) => {
      writer.add(index === 0 ? line : mark)
      writePart(part)
    })
    if (hasLines) writer.add(`\n${space.repeat(depth)}`)
    writer.add(close)
  }

  write(value, 0)
  return writer.read()
}

function addQuoted(writer: TextWriter, text: string): void {
  writer.reserve(quotedLength(text))
  writer.add(quote(text))
}

/** At most six characters for each that is escaped. */
function quotedLength(text: string): number {
  let length = text.length + 2
  for (let at = 0; at < text.length; at++) {
    if (/[^ -~]|[<>&'"\\]/.test(text[at] ?? '')) length += 1
    if (/[^ -~]|[<>&']/.test(text[at] ?? '')) length += 4
  }
  return length
}

const quote = (text: string): string =>
  JSON.stringify(text).replace(
    /[<>&'\x7f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
