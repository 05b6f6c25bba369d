import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileJinja } from '../../src-main/domain/templates/jinja/jinja.ts'
import { JinjaProblem } from '../../src-main/domain/templates/jinja/problem.ts'

type Result = {
  readonly template: string
  readonly text: string | null
  readonly html: string | null
}

/** `make-results.py` in the same folder makes the results with Python's Jinja2. */
const folder = join(import.meta.dirname, '../fixtures/jinja')
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'))
const { data } = read('snippets.json') as { data: Record<string, unknown> }
const { results } = read('results.json') as { results: readonly Result[] }

/** The output, or null for a template that is refused with a sentence. */
function render(template: string, isHtml: boolean, values = data): string | null {
  try {
    return compileJinja(template, { isHtml })(values)
  } catch (error) {
    if (!(error instanceof JinjaProblem)) throw error
    expect(error.message).toMatch(/^.{8,}\.$/s)
    return null
  }
}

describe('The results of Jinja2', () => {
  it('Each snippet has the result of Python’s Jinja2, as text and as HTML', () => {
    expect(results.length).toBeGreaterThan(150)
    const ours = results.map(({ template }) => ({
      template,
      text: render(template, false),
      html: render(template, true),
    }))
    expect(ours).toEqual(results)
  })

  it('A field of the data comes before the method of its name, unless it is called', () => {
    const values = { order: { items: [1, 2], keys: 'k' } }
    expect(render('{{ order.items|length }} {{ order.keys }}', false, values)).toBe('2 k')
    expect(render('{{ order.items()|length }}', false, values)).toBe('2')
  })

  it('Positions count characters, not UTF-16 units', () => {
    expect(render('{{ t|length }} {{ t[0] }} {{ t[1:] }}', false, { t: '😀é' })).toBe('2 😀 é')
  })
})

describe('The isolation of a template', () => {
  it.each([
    'constructor',
    '__proto__',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    'then',
    '__defineGetter__',
    'call',
    'type',
    'value',
    'items_',
    'size',
  ])('The field “%s” of a value of the template is undefined', (name) => {
    const values = {
      text: 'a',
      list: [1],
      map: { a: 1 },
      number: 1,
      float: 1.5,
      yes: true,
    }
    for (const value of [
      'text',
      'list',
      'map',
      'number',
      'float',
      'yes',
      'range',
      'range(3)',
      'dict()',
      'namespace()',
      'text|safe',
      '(1, 2)',
      'cycler(1)',
      'joiner()',
      'text.upper',
    ]) {
      expect(render(`{{ (${value}).${name} is undefined }}`, false, values)).toBe('True')
      expect(render(`{{ (${value})["${name}"] is undefined }}`, false, values)).toBe('True')
    }
    expect(render(`{{ ${name} is undefined }}`, false, values)).toBe('True')
  })

  it('Data with a field __proto__ changes no prototype', () => {
    const values = JSON.parse('{"own":{"__proto__":{"polluted":1}}}') as Record<string, unknown>
    expect(render('{{ own["__proto__"].polluted }}', false, values)).toBe('1')
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('A rendering does not change the data', () => {
    const values = { list: [1], map: { a: 1 } }
    render('{{ list.append(2) }}{{ map.update({"b": 2}) }}', false, values)
    expect(values).toEqual({ list: [1], map: { a: 1 } })
  })
})
