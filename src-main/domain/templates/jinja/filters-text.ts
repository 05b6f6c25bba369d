import { bind, flagArgument, numberArgument, textArgument } from './call-arguments.ts'
import { lengthOf, sliceText } from './characters.ts'
import { formatPercent } from './format-percent.ts'
import { escapeHtml } from './html-escape.ts'
import { print } from './print.ts'
import { JinjaProblem } from './problem.ts'
import type { Filter } from './runtime.ts'
import { capitalize, center, mapText, replace, splitLines, strip } from './text-operations.ts'
import { isSpecial, markup, textOf, titleOf, tuple, type Value } from './values.ts'

const change =
  (alter: (text: string) => string): Filter =>
  ({ meter }, value) => {
    meter.spendText(print(value).length)
    return mapText(value, alter)
  }

const titleCase = (text: string): string =>
  text
    .split(/([-\s({[<]+)/)
    .map((part) => capitalize(part))
    .join('')

const replaceFilter: Filter = ({ meter, isHtml }, value, args) => {
  const { old, new: fresh, count } = bind('replace', args, ['old', 'new', 'count'])
  const limit = count === null ? -1 : numberArgument(count, -1)
  const run = (text: string, by: string) => replace(meter, text, print(old), by, limit)
  if (!isHtml) return run(print(value), print(fresh))
  const isEscaped = isSpecial(old, 'markup') || isSpecial(fresh, 'markup')
  if (!isEscaped && !isSpecial(value, 'markup')) return run(print(value), print(fresh))
  return markup(run(escapeHtml(value).text, escapeHtml(fresh).text))
}

const truncate: Filter = (_runtime, value, args) => {
  const bound = bind('truncate', args, ['length', 'killwords', 'end', 'leeway'])
  const end = textArgument(bound.end, '...')
  const length = numberArgument(bound.length, 255)
  const leeway = bound.leeway === null ? 5 : numberArgument(bound.leeway, 5)
  if (value === undefined) return ''
  const text = textOf(value)
  if (text === null) throw new JinjaProblem(`“truncate” needs a text, not ${titleOf(value)}.`)
  if (length < lengthOf(end)) {
    throw new JinjaProblem(`“truncate” needs a length of ${lengthOf(end)} or more.`)
  }
  if (lengthOf(text) <= length + leeway) return value
  const cut = sliceText(text, 0, length - lengthOf(end))
  const space = cut.lastIndexOf(' ')
  const kept = flagArgument(bound.killwords, false) || space < 0 ? cut : cut.slice(0, space)
  return isSpecial(value, 'markup') ? markup(kept + escapeHtml(bound.end ?? end).text) : kept + end
}

const indent: Filter = ({ meter }, value, args) => {
  const bound = bind('indent', args, ['width', 'first', 'blank'])
  const width = textOf(bound.width ?? 4) ?? numberArgument(bound.width, 4)
  const isBlank = flagArgument(bound.blank, false)
  const length = typeof width === 'number' ? width : width.length
  const lines = splitLines(`${print(value)}\n`)
  meter.spendText(print(value).length + lines.length * Math.max(0, length))
  const space = typeof width === 'number' ? ' '.repeat(Math.max(0, width)) : width
  const isFirst = flagArgument(bound.first, false)
  return mapText(value, () =>
    lines
      .map((line, index) => {
        const isIndented = index === 0 ? isFirst : isBlank || line !== ''
        return isIndented ? space + line : line
      })
      .join('\n'),
  )
}

const centerFilter: Filter = ({ meter }, value, args) => {
  const width = numberArgument(bind('center', args, ['width']).width, 80)
  meter.spendText(print(value).length + Math.max(0, width))
  return mapText(value, (text) => center(text, width, ' '))
}

const format: Filter = ({ meter }, value, { positional, named }) => {
  if (positional.length > 0 && named.size > 0) {
    throw new JinjaProblem('“format” takes named or unnamed values, not both.')
  }
  const values: Value = named.size > 0 ? new Map(named) : tuple(positional)
  return formatPercent(meter, textOf(value) === null ? print(value) : value, values)
}

const wordwrap: Filter = ({ meter }, value, args) => {
  const bound = bind('wordwrap', args, ['width', 'break_long_words', 'wrapstring'])
  const width = Math.max(1, numberArgument(bound.width, 79))
  const mark = textArgument(bound.wrapstring, '\n')
  const isBroken = flagArgument(bound.break_long_words, true)
  const text = print(value)
  meter.spend(text.length)
  const lines = splitLines(text).flatMap((line) => {
    const wrapped = wrapLine(line, width, isBroken)
    return wrapped.length === 0 ? [''] : wrapped
  })
  meter.spendText(lines.reduce((sum, line) => sum + line.length + mark.length, 0))
  return lines.join(mark)
}

function wrapLine(line: string, width: number, isBroken: boolean): string[] {
  const lines: string[] = []
  let current = ''
  for (const word of line.split(/\s+/).filter(Boolean)) {
    if (current !== '' && current.length + 1 + word.length <= width) current += ` ${word}`
    else {
      if (current !== '') lines.push(current)
      let rest = word
      for (; isBroken && rest.length > width; rest = rest.slice(width)) {
        lines.push(rest.slice(0, width))
      }
      current = rest
    }
  }
  return current === '' ? lines : [...lines, current]
}

export const textFilters: Readonly<Record<string, Filter>> = {
  upper: change((text) => text.toUpperCase()),
  lower: change((text) => text.toLowerCase()),
  capitalize: change(capitalize),
  title: ({ meter }, value) => {
    const text = print(value)
    meter.spend(text.length)
    return titleCase(text)
  },
  trim: (_runtime, value, args) => {
    const { chars } = bind('trim', args, ['chars'])
    const set = chars === undefined || chars === null ? undefined : print(chars)
    return mapText(value, (text) => strip(text, set, true, true))
  },
  replace: replaceFilter,
  truncate,
  indent,
  center: centerFilter,
  format,
  wordwrap,
  wordcount: ({ meter }, value) => {
    const text = print(value)
    meter.spend(text.length)
    return (text.match(/[\p{L}\p{N}_]+/gu) ?? []).length
  },
  string: (_runtime, value) => (isSpecial(value, 'markup') ? value : print(value)),
}
