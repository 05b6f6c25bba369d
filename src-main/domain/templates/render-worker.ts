import Handlebars from 'handlebars'
import { type Context, defaultOperators, Liquid } from 'liquidjs'
import { answerRequests } from '../../base/thread-requests.ts'
import type { TemplateEngine } from '../../contract/templates.ts'
import { htmlToText } from '../../html/html-to-text.ts'
import { compileJinja } from './jinja/jinja.ts'
import { JinjaProblem } from './jinja/problem.ts'
import { createLiquidLimits } from './liquid-limits.ts'
import { createMailFilters } from './mail-filters.ts'
import type { RenderAnswer, RenderOrder } from './rendering.ts'

/**
 * The render thread. A template is untrusted code: it sees only the data of its request, and the main
 * thread ends this thread when a template takes too long.
 */
type Source = { readonly source: string; readonly isHtml: boolean }
type Compiled = (data: Readonly<Record<string, unknown>>) => string

const noPartials =
  'A template cannot include another one: there is no “render”, “include” or “layout” in MailSage. Put its content here instead.'
const maxOutputLength = 5_000_000
const maxCompiled = 500

const liquidLimits = createLiquidLimits()

const liquidOptions = {
  // No partials: Liquid would read them from the disk.
  templates: {},
  ownPropertyOnly: true,
  strictFilters: true,
  parseLimit: 1_000_000,
  renderLimit: 800,
  memoryLimit: 20_000_000,
  operators: {
    ...defaultOperators,
    contains(left: unknown, right: unknown, context: Context) {
      liquidLimits.chargeContains(left, right)
      return defaultOperators.contains?.(left, right, context) ?? false
    },
  },
}
const liquidHtml = withFilters(new Liquid({ ...liquidOptions, outputEscape: 'escape' }))
const liquidText = withFilters(new Liquid(liquidOptions))

const handlebars = Handlebars.create()
// A template must not write to the console.
handlebars.unregisterHelper('log')
const knownHelpers = { if: true, unless: true, each: true, with: true, lookup: true, log: false }

function withFilters(liquid: Liquid): Liquid {
  liquid.registerFilter('date_format', (value: unknown, format: string = '%B %d, %Y') =>
    formatDate(value, format),
  )
  liquid.registerFilter('currency', (value: unknown, currency = 'USD') =>
    formatCurrency(value, String(currency)),
  )
  // The Jinja names of these filters.
  liquid.registerFilter('upper', (value: unknown) => String(value ?? '').toUpperCase())
  liquid.registerFilter('lower', (value: unknown) => String(value ?? '').toLowerCase())
  liquid.registerFilter('trim', (value: unknown) => String(value ?? '').trim())
  liquid.registerFilter('length', (value: unknown) =>
    Array.isArray(value) || typeof value === 'string' ? value.length : 0,
  )
  return liquidLimits.boundFilters(liquid)
}

/** A padded number of a date is built character by character. */
const dates = new Liquid({ ...liquidOptions, memoryLimit: 100_000 })

/** By the format letters of `strftime`. */
function formatDate(value: unknown, format: string): string {
  return String(dates.parseAndRenderSync('{{ v | date: f }}', { v: value, f: format }))
}

function formatCurrency(value: unknown, currency: string): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency })
  return format.format(Number(value))
}

const moreFilters = createMailFilters({ formatDate, formatCurrency })

const compiled = new Map<string, Compiled>()

function compile(engine: TemplateEngine, { source, isHtml }: Source): Compiled {
  const name = `${engine} ${isHtml} ${source}`
  const known = compiled.get(name)
  if (known) return known
  const ready = compilers[engine](source, isHtml)
  if (compiled.size >= maxCompiled) compiled.clear()
  compiled.set(name, ready)
  return ready
}

const compilers: Readonly<Record<TemplateEngine, (source: string, isHtml: boolean) => Compiled>> = {
  handlebars: compileHandlebars,
  jinja: (source, isHtml) => compileJinja(source, { isHtml, moreFilters }),
  liquid: compileLiquid,
}

function compileLiquid(source: string, isHtml: boolean): Compiled {
  const liquid = isHtml ? liquidHtml : liquidText
  const parsed = liquid.parse(source)
  return (data) => {
    liquidLimits.reset()
    return String(liquid.renderSync(parsed, { ...data }))
  }
}

function compileHandlebars(source: string, isHtml: boolean): Compiled {
  const options = { noEscape: !isHtml, knownHelpers, knownHelpersOnly: true }
  // `compile` parses at the first call; `precompile` finds syntax errors now.
  handlebars.precompile(source, options)
  const render = handlebars.compile(source, options)
  return (data) =>
    render(data, { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false })
}

function handleOrder({ engine, parts, data, withText }: RenderOrder): RenderAnswer {
  let part = 0
  try {
    const ready: Compiled[] = []
    for (part = 0; part < parts.length; part++) {
      const source = parts[part]
      if (source) ready.push(compile(engine, source))
    }
    if (data === null) return { type: 'rendered', outputs: [] }
    try {
      const outputs: string[] = []
      for (part = 0; part < ready.length; part++) outputs.push(ready[part]?.(data) ?? '')
      part = outputs.findIndex((output) => output.length > maxOutputLength)
      return part < 0
        ? { type: 'rendered', outputs: withText ? appendText(outputs) : outputs }
        : {
            type: 'failed',
            message: 'The result is longer than 5,000,000 characters.',
            line: null,
            part,
          }
    } catch (error) {
      return { type: 'failed', part, ...explain(error) }
    }
  } catch (error) {
    return { type: 'unreadable', part, ...explain(error) }
  }
}

function appendText(outputs: readonly string[]): string[] {
  return [...outputs, htmlToText(outputs[1] ?? '')]
}

/** The error of the engine as one sentence, and the line of the template. */
function explain(error: unknown): { message: string; line: number | null } {
  if (error instanceof JinjaProblem) return { message: capital(error.message), line: error.line }
  if (error instanceof Error && 'originalError' in error) {
    const { originalError } = error
    if (originalError instanceof JinjaProblem) {
      const { line } = explainText(error)
      return { message: originalError.message, line }
    }
  }
  return explainText(error)
}

function explainText(error: unknown): { message: string; line: number | null } {
  const whole = error instanceof Error ? error.message : String(error)
  const [, line] = /\bline:? ?(\d+)/i.exec(whole) ?? / - (\d+):\d+$/.exec(whole) ?? []
  const [first = '', ...rest] = whole.split('\n')
  if (/^ENOENT\b/.test(whole)) return { message: noPartials, line: line ? Number(line) : null }
  // Handlebars: the first line names the line only; the last line names the unexpected token.
  const [, found] = /^Expecting .*, got '([^']+)'$/.exec(rest.at(-1) ?? '') ?? []
  const message =
    first.endsWith(':') && found ? `${first.slice(0, -1)}: ${unexpected(found)}` : first
  return { message: message.slice(0, 300), line: line ? Number(line) : null }
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1, 300)

function unexpected(token: string): string {
  if (token === 'EOF') return 'a block or a tag is not closed.'
  if (token === 'INVALID') return 'invalid character in a tag.'
  if (token === 'OPEN_ENDBLOCK') return 'a block is closed that is not open.'
  return `unexpected “${token.toLowerCase().replaceAll('_', ' ')}”.`
}

answerRequests(handleOrder)
