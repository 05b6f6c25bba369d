import { evaluate, evaluateArguments } from './evaluate.ts'
import { escapeHtml } from './html-escape.ts'
import { createLoop } from './loop.ts'
import { print } from './print.ts'
import { JinjaProblem } from './problem.ts'
import { callFunction, iterate, type Runtime } from './runtime.ts'
import { assign, createScope, type Scope } from './scope.ts'
import type { Body, Expression, FilterUse, ForStatement, MacroParts, Statement } from './syntax.ts'
import {
  type Arguments,
  type Callable,
  isSpecial,
  isTrue,
  markup,
  titleOf,
  tuple,
  type Value,
} from './values.ts'

type Context = { readonly runtime: Runtime; readonly scope: Scope; readonly out: string[] }

export function renderBody(context: Context, body: Body): void {
  for (const statement of body) {
    try {
      renderStatement(context, statement)
    } catch (error) {
      if (error instanceof JinjaProblem) error.line ??= statement.line
      throw error
    }
  }
}

function renderStatement(context: Context, statement: Statement): void {
  const { runtime, scope } = context
  runtime.meter.spend(1)
  switch (statement.type) {
    case 'text':
      write(context, statement.text)
      return
    case 'output': {
      const value = run(context, statement.expression)
      write(context, runtime.isHtml ? escapeHtml(value).text : print(value))
      return
    }
    case 'if': {
      const branch = statement.branches.find(({ test }) => isTrue(run(context, test)))
      renderBody(context, branch?.body ?? statement.otherwise)
      return
    }
    case 'for':
      renderFor(context, statement, run(context, statement.list), 1)
      return
    case 'set':
      assign(scope, statement.target, run(context, statement.value))
      return
    case 'set block': {
      const value = captureBody(context, statement.body)
      assign(scope, statement.target, applyFilters(context, statement.filters, value))
      return
    }
    case 'with': {
      const inner = createScope(scope)
      for (const [target, value] of statement.values) assign(inner, target, run(context, value))
      renderBody({ ...context, scope: inner }, statement.body)
      return
    }
    case 'macro':
      scope.names.set(statement.name, createMacro(context, statement))
      return
    case 'call': {
      const value = callWithBody(context, statement.call, statement.caller)
      write(context, runtime.isHtml ? escapeHtml(value).text : print(value))
      return
    }
    case 'filter': {
      const value = applyFilters(context, statement.filters, captureBody(context, statement.body))
      write(context, runtime.isHtml ? escapeHtml(value).text : print(value))
      return
    }
    case 'block':
      renderBody({ ...context, scope: createScope(scope) }, statement.body)
      return
    case 'autoescape': {
      const isHtml = isTrue(run(context, statement.value))
      const inner = { ...context, runtime: { ...runtime, isHtml }, scope: createScope(scope) }
      renderBody(inner, statement.body)
    }
  }
}

const run = ({ runtime, scope }: Context, node: Expression): Value => evaluate(runtime, scope, node)

function write({ runtime, out }: Context, text: string): void {
  runtime.meter.addOutput(text.length)
  out.push(text)
}

/** The output of a body as a value; it is HTML in a template that is HTML. */
function captureBody(context: Context, body: Body): Value {
  const out: string[] = []
  renderBody({ ...context, scope: createScope(context.scope), out }, body)
  const text = out.join('')
  return context.runtime.isHtml ? markup(text) : text
}

function applyFilters(context: Context, filters: readonly FilterUse[], value: Value): Value {
  const { runtime } = context
  return filters.reduce(
    (current, { name, args }) =>
      runtime.filter(
        name,
        current,
        evaluateArguments(runtime, args, (node) => run(context, node)),
      ),
    value,
  )
}

function renderFor(context: Context, statement: ForStatement, list: Value, depth: number): void {
  const { runtime, scope } = context
  const items = selectItems(context, statement, list)
  if (items.length === 0) {
    renderBody({ ...context, scope: createScope(scope) }, statement.otherwise)
    return
  }
  const repeat = (inner: Value): Value =>
    runtime.meter.nested(() => {
      const out: string[] = []
      renderFor({ ...context, out }, statement, inner, depth + 1)
      return runtime.isHtml ? markup(out.join('')) : out.join('')
    })
  const loop = createLoop(items, depth, statement.isRecursive ? repeat : null)
  for (let at = 0; at < items.length; at++) {
    const pass = createScope(scope)
    loop.moveTo(at)
    pass.names.set('loop', loop.value)
    assign(pass, statement.target, items[at])
    renderBody({ ...context, scope: pass }, statement.body)
  }
}

/** The condition of the loop is checked before the first pass, so that `loop.length` is right. */
function selectItems(context: Context, { target, test }: ForStatement, list: Value) {
  const items = iterate(context.runtime, list)
  if (!test) return items
  return items.filter((item) => {
    const scope = createScope(context.scope)
    assign(scope, target, item)
    return isTrue(run({ ...context, scope }, test))
  })
}

function createMacro(context: Context, parts: MacroParts): Callable {
  const { runtime, scope } = context
  return {
    type: 'callable',
    title: `Macro '${parts.name}'`,
    field: (name) => (name === 'name' ? parts.name : undefined),
    call: (args) =>
      runtime.meter.nested(() => {
        const inner = createScope(scope)
        bindParameters(context, inner, parts, args)
        const out: string[] = []
        renderBody({ ...context, scope: inner, out }, parts.body)
        const text = out.join('')
        return runtime.isHtml ? markup(text) : text
      }),
  }
}

function bindParameters(
  context: Context,
  scope: Scope,
  { name: macro, parameters, reads }: MacroParts,
  { positional, named }: Arguments,
): void {
  const rest = new Map(named)
  const title = macro === 'caller' ? 'The block of “call”' : `The macro “${macro}”`
  parameters.forEach(({ name, value }, index) => {
    if (index < positional.length) {
      if (rest.has(name)) throw new JinjaProblem(`${title} gets the argument “${name}” twice.`)
      scope.names.set(name, positional[index])
    } else if (rest.has(name)) scope.names.set(name, rest.get(name))
    else scope.names.set(name, value ? run({ ...context, scope }, value) : undefined)
    rest.delete(name)
  })
  if (reads.has('caller')) scope.names.set('caller', rest.get('caller'))
  else if (rest.has('caller')) throw new JinjaProblem(`${title} does not call caller().`)
  rest.delete('caller')
  if (reads.has('varargs')) scope.names.set('varargs', tuple(positional.slice(parameters.length)))
  else if (positional.length > parameters.length) {
    throw new JinjaProblem(`${title} takes at most ${parameters.length} arguments.`)
  }
  if (reads.has('kwargs')) scope.names.set('kwargs', rest)
  else if (rest.size > 0)
    throw new JinjaProblem(`${title} has no argument “${[...rest.keys()][0]}”.`)
}

function callWithBody(context: Context, call: Expression, caller: MacroParts): Value {
  if (call.type !== 'call') return undefined
  const target = run(context, call.target)
  if (!isSpecial(target, 'callable')) {
    throw new JinjaProblem(`“call” needs a macro, not ${titleOf(target)}.`)
  }
  const args = evaluateArguments(context.runtime, call.args, (node) => run(context, node))
  const named = new Map(args.named).set('caller', createMacro(context, caller))
  return callFunction(context.runtime, target, { positional: args.positional, named })
}
