import { bind, numberArgument, textArgument } from './call-arguments.ts'
import { lengthOf } from './characters.ts'
import { formatBraces } from './format-braces.ts'
import { escapeHtml } from './html-escape.ts'
import { containerSteps, type Meter } from './meter.ts'
import { print } from './print.ts'
import { JinjaProblem } from './problem.ts'
import { iterate, type Runtime } from './runtime.ts'
import {
  capitalize,
  center,
  mapText,
  replace,
  requireFill,
  splitLines,
  strip,
} from './text-operations.ts'
import { countIn, endsWith, indexIn, lastIndexIn, splitBy, startsWith } from './text-search.ts'
import { createTextWriter } from './text-writer.ts'
import {
  type Arguments,
  isSpecial,
  itemsOf,
  markup,
  textOf,
  titleOf,
  tuple,
  type Value,
} from './values.ts'

type Method = (runtime: Runtime, value: Value, args: Arguments) => Value

const change =
  (alter: (text: string) => string): Method =>
  ({ meter }, value) => {
    // A pattern with a callback needs memory for each letter.
    meter.spend(print(value).length)
    return mapText(value, alter)
  }

const stripper =
  (isStart: boolean, isEnd: boolean): Method =>
  (_runtime, value, args) => {
    const { chars } = bind('strip', args, ['chars'])
    const set = chars === undefined || chars === null ? undefined : textArgument(chars, '')
    return mapText(value, (text) => strip(text, set, isStart, isEnd))
  }

const check =
  (test: (meter: Meter, text: string, part: string) => boolean): Method =>
  ({ meter }, value, args) => {
    const { part } = bind('This method', args, ['part'])
    const parts = itemsOf(part) ?? [part]
    return parts.some((one) => test(meter, print(value), textArgument(one, '')))
  }

const matches =
  (pattern: RegExp): Method =>
  (_runtime, value) =>
    pattern.test(print(value))

const finder =
  (isLast: boolean, isRequired: boolean): Method =>
  ({ meter }, value, args) => {
    const text = print(value)
    const part = textArgument(bind('find', args, ['part']).part, '')
    const at = isLast ? lastIndexIn(meter, text, part) : indexIn(meter, text, part)
    if (at < 0 && isRequired) throw new JinjaProblem('The text does not contain this part.')
    return at < 0 ? -1 : lengthOf(text.slice(0, at))
  }

const justify =
  (pad: (text: string, width: number, fill: string) => string): Method =>
  ({ meter }, value, args) => {
    const bound = bind('This method', args, ['width', 'fillchar'])
    const width = numberArgument(bound.width, 0)
    const fill = requireFill(textArgument(bound.fillchar, ' '))
    meter.spendText(print(value).length + fill.length * Math.max(0, width))
    return mapText(value, (text) => pad(text, width, fill))
  }

const missing = (text: string, width: number): number => Math.max(0, width - lengthOf(text))

const splitter =
  (isFromEnd: boolean): Method =>
  ({ meter }, value, args) => {
    const bound = bind('split', args, ['sep', 'maxsplit'])
    const text = print(value)
    const max = numberArgument(bound.maxsplit, -1)
    const parts = splitText(meter, text, bound.sep, max, isFromEnd)
    if (!isSpecial(value, 'markup')) return parts
    meter.spend(parts.length * containerSteps)
    return parts.map(markup)
  }

function splitText(
  meter: Meter,
  text: string,
  separator: Value,
  max: number,
  isFromEnd: boolean,
): string[] {
  if (separator === undefined || separator === null) {
    meter.spend(text.length)
    const words = text.trim().split(/\s+/).filter(Boolean)
    return max < 0 || words.length <= max + 1 ? words : limit(words, max, isFromEnd, ' ')
  }
  const mark = textArgument(separator, '')
  if (mark === '') throw new JinjaProblem('“split” needs a separator that is not empty.')
  const parts = splitBy(meter, text, mark)
  return max < 0 || parts.length <= max + 1 ? parts : limit(parts, max, isFromEnd, mark)
}

function limit(parts: readonly string[], max: number, isFromEnd: boolean, mark: string): string[] {
  const cut = isFromEnd ? parts.length - max : max
  return isFromEnd
    ? [parts.slice(0, cut).join(mark), ...parts.slice(cut)]
    : [...parts.slice(0, cut), parts.slice(cut).join(mark)]
}

const partition: Method = ({ meter }, value, args) => {
  const text = print(value)
  const mark = textArgument(bind('partition', args, ['sep']).sep, '')
  const at = mark === '' ? -1 : indexIn(meter, text, mark)
  return tuple(at < 0 ? [text, '', ''] : [text.slice(0, at), mark, text.slice(at + mark.length)])
}

export const textMethods: Readonly<Record<string, Method>> = {
  upper: change((text) => text.toUpperCase()),
  lower: change((text) => text.toLowerCase()),
  casefold: change((text) => text.toLowerCase()),
  capitalize: change(capitalize),
  title: change((text) => text.replace(/\p{L}+/gu, capitalize)),
  swapcase: change((text) =>
    text.replace(/\p{L}/gu, (letter) =>
      letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
    ),
  ),
  strip: stripper(true, true),
  lstrip: stripper(true, false),
  rstrip: stripper(false, true),
  startswith: check(startsWith),
  endswith: check(endsWith),
  isdigit: matches(/^\p{Nd}+$/u),
  isnumeric: matches(/^\p{N}+$/u),
  isalpha: matches(/^\p{L}+$/u),
  isalnum: matches(/^[\p{L}\p{N}]+$/u),
  isspace: matches(/^\s+$/),
  islower: (_runtime, value) => /\p{Ll}/u.test(print(value)) && !/\p{Lu}/u.test(print(value)),
  isupper: (_runtime, value) => /\p{Lu}/u.test(print(value)) && !/\p{Ll}/u.test(print(value)),
  find: finder(false, false),
  rfind: finder(true, false),
  index: finder(false, true),
  rindex: finder(true, true),
  count: ({ meter }, value, args) => {
    const part = textArgument(bind('count', args, ['part']).part, '')
    return part === '' ? lengthOf(print(value)) + 1 : countIn(meter, print(value), part).count
  },
  replace: ({ meter }, value, args) => {
    const bound = bind('replace', args, ['old', 'new', 'count'])
    const isHtml = isSpecial(value, 'markup')
    const fresh = isHtml ? escapeHtml(bound.new).text : textArgument(bound.new, '')
    return mapText(value, (text) =>
      replace(meter, text, textArgument(bound.old, ''), fresh, numberArgument(bound.count, -1)),
    )
  },
  split: splitter(false),
  rsplit: splitter(true),
  splitlines: ({ meter }, value) => {
    meter.spend(print(value).length)
    return splitLines(print(value))
  },
  partition,
  join: (runtime, value, args) => {
    const isHtml = isSpecial(value, 'markup')
    const items = iterate(runtime, bind('join', args, ['items']).items)
    const mark = print(value)
    const writer = createTextWriter(runtime.meter)
    items.forEach((item, index) => {
      const text = isHtml ? escapeHtml(item).text : textOf(item)
      if (text === null) throw new JinjaProblem(`“join” needs texts, not ${titleOf(item)}.`)
      if (index > 0) writer.add(mark)
      writer.add(text)
    })
    return isHtml ? markup(writer.read()) : writer.read()
  },
  center: justify(center),
  ljust: justify((text, width, fill) => text + fill.repeat(missing(text, width))),
  rjust: justify((text, width, fill) => fill.repeat(missing(text, width)) + text),
  zfill: ({ meter }, value, args) => {
    const width = numberArgument(bind('zfill', args, ['width']).width, 0)
    meter.spendText(print(value).length + Math.max(0, width))
    return mapText(value, (text) => {
      const sign = /^[-+]/.test(text) ? text.slice(0, 1) : ''
      return sign + '0'.repeat(missing(text, width)) + text.slice(sign.length)
    })
  },
  removeprefix: ({ meter }, value, args) => {
    const part = textArgument(bind('removeprefix', args, ['prefix']).prefix, '')
    return mapText(value, (text) =>
      startsWith(meter, text, part) ? text.slice(part.length) : text,
    )
  },
  removesuffix: ({ meter }, value, args) => {
    const part = textArgument(bind('removesuffix', args, ['suffix']).suffix, '')
    return mapText(value, (text) =>
      part !== '' && endsWith(meter, text, part) ? text.slice(0, -part.length) : text,
    )
  },
  format: (runtime, value, args) =>
    formatBraces(runtime.meter, value, args, (one, name) => runtime.field(one, name)),
}
