import { describe, expect, it } from 'vitest'
import { startTestServer } from '../test-server.ts'

const testServer = await startTestServer()
const sender = await testServer.makeKey({ permissions: ['send'] })
const author = await testServer.makeKey({ permissions: ['templates:read', 'templates:write'] })

const data = {
  name: 'Ann <3',
  nothing: null,
  items: ['a', 'b', 'c'],
  order: { items: [{ name: 'Tea', price: 4.5 }], sizes: { s: 1, m: 2 } },
  date: '2024-01-05T12:00:00Z',
  price: 1234.5,
  long: 'The quick brown fox jumps',
}

let made = 0
async function create(content: string) {
  made += 1
  const body = { name: `jinja-${made}`, subject: 'S', content, plain_text: content }
  return testServer.request('POST /api/v1/templates', { key: author.key, body })
}

async function render(content: string, variables: Readonly<Record<string, unknown>> = data) {
  const { body, status } = await create(content)
  expect(status, JSON.stringify(body)).toBe(201)
  const { template } = body as { template: { id: number } }
  const params = { id: String(template.id) }
  return testServer.request('POST /api/v1/templates/{id}/test', { params, body: { variables } })
}

describe('A template of the MailSage API', () => {
  it.each([
    [
      'loop.index and loop.last',
      '{% for x in items %}{{ loop.index }}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}',
      '1a, 2b, 3c',
    ],
    ['comments', 'a{# {{ not for the reader }} #}b', 'ab'],
    ['is none', '{% if nothing is none %}none{% endif %}', 'none'],
    ['range', '{% for i in range(3) %}{{ i }}{% endfor %}', '012'],
    ['elif', '{% if price < 5 %}a{% elif price > 5 %}b{% else %}c{% endif %}', 'b'],
    ['default', '{{ missing|default("x") }}', 'x'],
    ['join', '{{ items|join(", ") }}', 'a, b, c'],
    ['replace', '{{ "a-b"|replace("-", "+") }}', 'a+b'],
    ['round', '{{ 42.55|round(1) }} {{ 2.5|round }}', '42.5 2.0'],
    ['truncate', '{{ long|truncate(15) }}', 'The quick...'],
    ['title', '{{ "hello world"|title }}', 'Hello World'],
    ['safe', '{{ "<b>"|safe }}', '<b>'],
    ['e', '{{ "<b>"|safe|e }}{{ "<"|e }}', '<b>&lt;'],
    ['set', '{% set x = 5 %}{{ x + 1 }}', '6'],
    [
      'macro',
      '{% macro f(a, b=2) %}<{{ a }}{{ b }}>{% endmacro %}{{ f(1) }}{{ f(1, b=3) }}',
      '<12><13>',
    ],
    ['~ and +', '{{ "a" ~ 1 ~ true }} {{ 1 + 2 }}', 'a1True 3'],
    ['items()', '{% for k, v in order.sizes.items() %}{{ k }}={{ v }};{% endfor %}', 's=1;m=2;'],
    ['a filter in a condition', '{% if items|length > 1 %}many{% endif %}', 'many'],
    ['an empty list in a condition', '{% if [] %}a{% else %}empty{% endif %}', 'empty'],
    ['a field named as a method', '{% for x in order.items %}{{ x.name }}{% endfor %}', 'Tea'],
    ['True, None and lists', '{{ true }} {{ none }} {{ [1, true] }}', 'True None [1, True]'],
    [
      'date_format',
      '{{ date|date_format }} {{ date|date_format("%Y-%m-%d") }}',
      'January 05, 2024 2024-01-05',
    ],
    ['currency', '{{ price|currency }} {{ price|currency("EUR") }}', '$1,234.50 €1,234.50'],
    ['escaping', '{{ name }}', 'Ann &lt;3'],
  ])('A template supports %s with the result of Jinja2', async (_what, content, expected) => {
    const { body, status } = await render(content)
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body).toMatchObject({ content: expected })
  })

  it.each([
    ['{% include "/etc/passwd" %}', /cannot include another/],
    ['{% extends "x" %}', /cannot include another/],
    ['{% from "x" import y %}', /cannot include another/],
    ['a\n{% if x %}', /“if” is not closed/],
    ['{{ x | nope }}', /There is no filter “nope”/],
    ['{{ x | date_format: "%Y" }}', /in parentheses/],
    ['{% assign x = 1 %}', /\{% set name = value %\}/],
    [`{{ ${'('.repeat(1000)}1${')'.repeat(1000)} }}`, /nesting is more than 100 levels deep/],
  ])('The template %.40s is refused with a sentence', async (content, message) => {
    const { body, status } = await create(content)
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'invalid_template', error: expect.stringMatching(message) })
  })
})

/** Each template tries to reach the host, or to use all of its time or memory. */
const hostile = [
  ['a constructor', '{{ name.constructor.constructor("return process")() }}'],
  ['a constructor by brackets', '{{ name["constructor"]["constructor"]("return 1")() }}'],
  ['a prototype', '{{ name.__proto__.x }}'],
  ['a class of Python', "{{ ''.__class__.__mro__[1].__subclasses__() }}"],
  ['the globals of a macro', '{% macro f() %}{% endmacro %}{{ f.__globals__.os }}'],
  ['the constructor of a macro', '{% macro f() %}{% endmacro %}{{ f.constructor("return 1")() }}'],
  ['the caller of a function', '{{ range.call.call() }}'],
  ['a getter', '{{ {}.__lookupGetter__("__proto__")() }}'],
  ['the process', '{{ process.env.HOME }}'],
  ['a long range', '{% for i in range(10**9) %}x{% endfor %}'],
  ['nested loops', `${'{% for i in range(1000) %}'.repeat(5)}x${'{% endfor %}'.repeat(5)}`],
  ['a huge text', '{{ "a" * 10**9 }}'],
  ['a huge list', '{{ [1] * 10**9 }}'],
  [
    'a text that doubles',
    '{% set n = namespace(t="ab") %}{% for i in range(60) %}{% set n.t = n.t ~ n.t %}{% endfor %}',
  ],
  [
    'a list of lists',
    '{% set n = namespace(t=["ab"]) %}{% for i in range(60) %}{% set n.t = [n.t, n.t] %}{% endfor %}{{ n.t }}',
  ],
  ['a list that contains itself', '{% set l = [] %}{% set _ = l.append(l) %}{{ l }}'],
  [
    'a list that grows while a loop runs',
    '{% set l = [1] %}{% for x in l %}{% set _ = l.append(x) %}{% endfor %}',
  ],
  ['endless macros', '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}'],
  ['endless loops', '{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}'],
  ['a wide format', '{{ "%999999999d"|format(1) }}'],
  ['a wide format of braces', '{{ "{:>999999999}".format(1) }}'],
  ['a wide center', '{{ "x"|center(10**9) }}'],
  ['a wide indent', '{{ "x\ny"|indent(10**9) }}'],
  ['a wide zfill', '{{ "7".zfill(10**9) }}'],
  ['a wide batch', '{{ [1]|batch(10**9, 0) }}'],
  ['a wide slice', '{{ [1]|slice(10**9) }}'],
  ['a large power', '{{ 10**10**10 }}'],
  ['a large replacement', '{{ ("a" * 100000)|replace("a", "b" * 100000) }}'],
  ['a large join', '{{ range(100000)|join("b" * 100000) }}'],
  ['a long chain of operators', `{{ 1${' + 1'.repeat(20_000)} }}`],
  [
    'a wrap with a long mark',
    "{% set m = 'm'*1000000 %}{% set a = ('a '*530)|wordwrap(1,true,m) %}{{ a.count('m') }}",
  ],
  [
    'long texts for addresses',
    "{% set s='\\u4e00'*3000000 %}{% set l=[] %}{% for i in range(14) %}{% set _=l.append(s|urlencode) %}{% endfor %}{{ l|length }}",
  ],
  ['a long search', "{{ ('a'*4000000).find('a'*100+'b'+'a'*1000000) }}"],
  ['too much output', '{% set t = "x" * 100000 %}{% for i in range(1000) %}{{ t }}{% endfor %}'],
] as const

describe('A hostile template', () => {
  it.each(hostile)(
    'A template that tries %s is stopped with a sentence',
    async (_what, content) => {
      const { body, status } = await render(content, { name: 'Ann' })
      expect(status).toBe(422)
      expect(body).toMatchObject({
        code: 'template_error',
        error: expect.stringMatching(/\w+.*\.$/),
      })
      expect(JSON.stringify(body)).not.toMatch(
        /\bat .*\.ts|RangeError|TypeError|Maximum call|JSON\./,
      )
    },
  )

  it('Sends go on while hostile templates are stopped', async () => {
    const { body } = await create('Hello {{ name }}')
    const { template } = body as { template: { id: number } }
    const attacks = hostile.slice(9, 17).map(([, content]) => render(content, { name: 'Ann' }))
    const sends = attacks.map(() =>
      testServer.request('POST /api/v1/emails/send', {
        key: sender.key,
        body: {
          recipient: { email: 'ann@example.com', variables: { name: 'Ann' } },
          template_id: template.id,
        },
      }),
    )
    const statuses = (await Promise.all(sends)).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([202]))
    await Promise.all(attacks)
  })

  it('The server answers after templates that tried to exhaust its memory', async () => {
    const attacks = hostile.slice(-4, -1).map(([, content]) => render(content, {}))
    const statuses = (await Promise.all(attacks)).map(({ status }) => status)
    expect(statuses).toEqual([422, 422, 422])
    expect((await render('Hello {{ name }}')).status).toBe(200)
  })
})
