import { describe, expect, it } from 'vitest'
import { compileJinja } from '../../src-main/domain/templates/jinja/jinja.ts'
import { answerOf, growth, searches } from './growth-templates.ts'

/** Each template runs in a worker of its own, with the heap limit of the render thread. */
describe('The memory of a template', () => {
  it.each(growth)('The template %s ends with a sentence or a result', async (template) => {
    const { message, grownMb } = await answerOf(template)
    expect(message).toMatch(/\.$|^rendered$/)
    expect(grownMb).toBeLessThan(300)
  })
})

describe('The time of a search', () => {
  it.each(searches)('The template %s is refused before the search runs', async (template) => {
    const { message, tookMs } = await answerOf(template)
    expect(message).toMatch(/too many steps/)
    expect(tookMs).toBeLessThan(1000)
  })
})

it.each([
  ['{{ 1.5|round(-400) }}', '0.0'],
  ["{{ '%05d|%-5s|%+.1f|%00005d' % (7, 'a', 1.25, 8) }}", '00007|a    |+1.2|00008'],
  ["{{ [('a', 'b'), ('a', 'b'), ('ab', '')]|unique|list|length }}", '2'],
  ["{{ 'aXbXc'.replace('X', '-', 1) }}{{ 'ab'.replace('', '.') }}", 'a-bXc.a.b.'],
  ["{{ 'a$b'|replace('$', '$&') }} {{ '\u00df\ud83d\ude00x'[1:2]|length }}", 'a$&b 1'],
])('The template %s has the result of Python', (template, expected) => {
  expect(compileJinja(template, { isHtml: false })({})).toBe(expected)
})

it('A call with 20,000 named arguments is parsed in linear time', () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `a${index}=1`).join()
  const start = performance.now()
  expect(compileJinja(`{{ dict(${names})|length }}`, { isHtml: false })({})).toBe('20000')
  expect(performance.now() - start).toBeLessThan(1000)
})
