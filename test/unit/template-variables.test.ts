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

describe.each(['handlebars', 'liquid'] as const)('The starters in %s', (engine) => {
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
