import { searchSteps, tooMuchWork } from './jinja/meter.ts'
import { JinjaProblem } from './jinja/problem.ts'

const maxSearchSteps = 4_000_000
const maxGrowth = 9

type Context = { readonly context: { readonly memoryLimit: { use: (count: number) => void } } }
// The arguments of liquidjs' filters have no narrower type.
type Filter = (this: Context, value: unknown, ...args: unknown[]) => unknown
type Engine = {
  readonly filters: Record<string, unknown>
  readonly registerFilter: (name: string, filter: Filter) => void
}

const searches = [
  ...['split', 'remove', 'remove_first', 'remove_last'],
  ...['replace', 'replace_first', 'replace_last'],
]
/** liquidjs charges the input of these at most, and the result can be this much longer. */
const growing = [
  ...['url_encode', 'cgi_escape', 'uri_escape', 'url_decode', 'escape', 'xml_escape'],
  ...['escape_once', 'newline_to_br', 'base64_encode', 'base64_decode', 'slugify', 'upcase'],
]

/** Bounds the searches and the growing filters of Liquid, which liquidjs does not charge in full. */
export function createLiquidLimits() {
  let left = maxSearchSteps

  function spendSearch(text: string, part: string): void {
    left -= searchSteps(text.length, part.length)
    if (left < 0) throw new JinjaProblem(tooMuchWork)
  }

  function wrap(liquid: Engine, name: string, charge: (context: Context, args: unknown[]) => void) {
    const filter = liquid.filters[name]
    if (typeof filter !== 'function') return
    liquid.registerFilter(name, function (this: Context, ...args) {
      charge(this, args)
      return filter.apply(this, args)
    })
  }

  return {
    /** Call it before each rendering. */
    reset(): void {
      left = maxSearchSteps
    },

    boundFilters<Bounded extends Engine>(liquid: Bounded): Bounded {
      for (const name of searches) {
        wrap(liquid, name, (_context, [value, part]) => spendSearch(print(value), print(part)))
      }
      for (const name of growing) {
        wrap(liquid, name, ({ context }, [value]) =>
          context.memoryLimit.use(print(value).length * maxGrowth),
        )
      }
      return liquid
    },

    /** Call it before the operator `contains` runs. */
    chargeContains(left: unknown, right: unknown): void {
      if (typeof left === 'string') spendSearch(left, print(right))
    },
  }
}

/** As long as the text that liquidjs makes of the value, for texts; other values are short. */
const print = (value: unknown): string => (typeof value === 'string' ? value : String(value ?? ''))
