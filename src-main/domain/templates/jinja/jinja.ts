import { fieldOf } from './access.ts'
import { filters } from './filters.ts'
import { createGlobals } from './globals.ts'
import { createMeter } from './meter.ts'
import { parseTemplate } from './parse-template.ts'
import { JinjaProblem } from './problem.ts'
import { renderBody } from './render.ts'
import type { Filter, Runtime } from './runtime.ts'
import { createScope } from './scope.ts'
import { valueTests } from './value-tests.ts'
import { fromJson, type Value } from './values.ts'

type Options = {
  /** Output is escaped, unless it is marked as safe. */
  readonly isHtml: boolean
  /** Filters besides those of Jinja2. */
  readonly moreFilters?: ReadonlyMap<string, Filter>
}

/**
 * Compiles a template in Jinja2's language to a function of its data. Both throw a `JinjaProblem`.
 * An interpreter walks the syntax tree over values of a closed set, so that no template can reach
 * JavaScript's objects, files or other templates.
 */
export function compileJinja(source: string, { isHtml, moreFilters = new Map() }: Options) {
  const known = (name: string) => moreFilters.get(name) ?? filters.get(name)
  const body = guardStack(() =>
    parseTemplate(source, {
      isFilter: (name) => known(name) !== undefined,
      isTest: (name) => valueTests.has(name),
    }),
  )

  return (data: Readonly<Record<string, unknown>>): string =>
    guardStack(() => {
      const runtime: Runtime = createRuntime(isHtml, known)
      const globals = { names: new Map(createGlobals(runtime.meter)), outer: null }
      const scope = createScope(globals)
      for (const [name, value] of Object.entries(data)) scope.names.set(name, fromJson(value))
      const out: string[] = []
      renderBody({ runtime, scope, out }, body)
      return out.join('')
    })
}

function createRuntime(isHtml: boolean, known: (name: string) => Filter | undefined): Runtime {
  const meter = createMeter()
  return {
    meter,
    isHtml,
    field(this: Runtime, value: Value, name: string) {
      return fieldOf(this, value, name, false)
    },
    filter(this: Runtime, name, value, args) {
      const filter = known(name)
      if (!filter) throw new JinjaProblem(`There is no filter “${name}”.`)
      return meter.result(() => filter(this, value, args), value)
    },
    test(name, value, args) {
      const test = valueTests.get(name)
      if (!test) throw new JinjaProblem(`There is no test “${name}”.`)
      return test(value, args, meter)
    },
  }
}

/** A long chain of operators can exhaust the stack. */
function guardStack<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof RangeError) {
      throw new JinjaProblem('It is nested too deeply, or makes a value that is too large.')
    }
    throw error
  }
}
