import { describe, expect, it } from 'vitest'
import { sampleFor } from '../../src-renderer/features/templates/sample-data.ts'
import { starters } from '../../src-renderer/features/templates/starters.ts'
import {
  compareVariables,
  variablesOf,
} from '../../src-renderer/features/templates/template-variables.ts'

describe('The variables of a template', () => {
  it.each([
    ['handlebars', '{{name}} {{{ raw }}} {{user.first}}', ['name', 'raw', 'user.first'], []],
    ['handlebars', '{{! name }}{{!-- {{other}} --}}{{~a~}}', ['a'], []],
    ['handlebars', '{{#if vip}}{{price}}{{else}}{{fee}}{{/if}}', ['fee', 'price', 'vip'], []],
    [
      'handlebars',
      '{{#each items}}{{name}}{{../shop}}{{@root.code}}{{this.price}}{{@index}}{{/each}}',
      ['code', 'items', 'shop'],
      ['name', 'price'],
    ],
    ['handlebars', '{{#each items as |one|}}{{one.name}}{{/each}}', ['items'], ['name']],
    ['handlebars', '{{lookup map key}}{{lookup map "key"}}', ['key', 'map'], []],
    [
      'liquid',
      '{{ name | upper }} {{ date | date_format: format }}',
      ['date', 'format', 'name'],
      [],
    ],
    ['liquid', '{% if a == "b" and c.d > 3 %}{% endif %}', ['a', 'c.d'], []],
    [
      'liquid',
      '{% for item in items %}{{ item.name }}{{ forloop.index }}{% endfor %}',
      ['items'],
      ['name'],
    ],
    ['liquid', '{% assign total = price | times: 2 %}{{ total }}', ['price'], []],
    ['liquid', '{% raw %}{{ no }}{% endraw %}{% comment %}{{ no }}{% endcomment %}', [], []],
    ['liquid', '{{ items.size }}{{ list[0] }}', ['items', 'list'], []],
    ['jinja', '{{ name|default("x") }} {{ a.b | round(digits) }}', ['a.b', 'digits', 'name'], []],
    [
      'jinja',
      '{% for x in items if x.ok %}{{ loop.index }}{{ x.name }}{% endfor %}',
      ['items'],
      ['name', 'ok'],
    ],
    ['jinja', '{% for k, v in sizes.items() %}{{ k }}{{ v.w }}{% endfor %}', ['sizes'], []],
    ['jinja', '{# {{ no }} #}{% raw %}{{ no }}{% endraw %}{{ yes }}', ['yes'], []],
    [
      'jinja',
      '{% if a is defined and b is not none and c is divisibleby(d) %}{% elif e %}{% endif %}',
      ['a', 'b', 'c', 'd', 'e'],
      [],
    ],
    [
      'jinja',
      '{% set t = price * 2 %}{{ t }}{% set u %}{{ v }}{% endset %}{{ u }}',
      ['price', 'v'],
      [],
    ],
    [
      'jinja',
      '{% macro f(a, b=c) %}{{ a }}{{ b }}{% endmacro %}{{ f(d, b=e) }}',
      ['c', 'd', 'e'],
      [],
    ],
    [
      'jinja',
      '{{ range(n)|join(", ") }}{{ name.upper() }}{{ "lit" ~ code }}',
      ['code', 'n', 'name'],
      [],
    ],
    ['jinja', '{% with w = x %}{{ w }}{% endwith %}{{ y if z else true }}', ['x', 'y', 'z'], []],
    ['jinja', '{{ rows|selectattr("k", equalto=v)|map(attribute="n")|list }}', ['rows', 'v'], []],
  ] as const)('The variables in %s are found: %s', (engine, source, used, inner) => {
    const found = variablesOf(engine, source)
    expect([...found.used].sort()).toEqual(used)
    expect([...found.inner].sort()).toEqual(inner)
  })

  it.each([
    [['name'], '{{name}} {{code}}', [], ['code']],
    [['name', 'code'], '{{name}}', ['code'], []],
    [['user'], '{{user.name}}', [], []],
    [['user.name'], '{{#with user}}{{name}}{{/with}}', [], []],
    [['price'], '{{#each items}}{{price}}{{/each}}', [], ['items']],
  ])('The declared %j are compared with %s', (declared, source, unused, undeclared) => {
    expect(compareVariables(declared, variablesOf('handlebars', source))).toEqual({
      unused,
      undeclared,
    })
  })

  it('The first data set has a sample value for every variable', () => {
    const source = '{{user.email}}{{code}}{{#each items}}{{name}} {{price}}{{/each}}'
    expect(sampleFor(['code', 'note'], variablesOf('handlebars', source))).toEqual({
      code: '482 913',
      note: 'note',
      user: { email: 'ada@example.com' },
      items: [
        { name: 'Ada Lovelace', price: '24.00' },
        { name: 'Grace Hopper', price: '9.50' },
      ],
    })
  })
})

describe.each(['handlebars', 'jinja', 'liquid'] as const)('The starters in %s', (engine) => {
  it.each(starters)(
    'The starter $title declares exactly the variables that it uses',
    ({ make }) => {
      const { subject, html, variables } = make(engine)
      expect(compareVariables(variables, variablesOf(engine, `${subject} ${html}`))).toEqual({
        unused: [],
        undeclared: [],
      })
    },
  )
})
