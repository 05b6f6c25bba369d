import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

type Answer = { readonly message: string; readonly tookMs: number; readonly grownMb: number }

const file = join(import.meta.dirname, 'growth-process.ts')
const run = promisify(execFile)

export async function answerOf(template: string): Promise<Answer> {
  const { stdout } = await run(process.execPath, [file, template], { timeout: 20_000 })
  return JSON.parse(stdout)
}

const wide = "'\\u4e00'*3000000"
const repeated = (value: string, times = 14) =>
  `{% set s=${wide} %}{% set q="'<&"*900000 %}{% set l=[] %}{% for i in range(${times}) %}{% set _=l.append(${value}) %}{% endfor %}{{ l|length }}`
const nested = (first: string, next: string, levels: number) =>
  `{% set n=namespace(v=${first}) %}{% for i in range(${levels}) %}{% set n.v=${next} %}{% endfor %}`

/** One template for each filter, method and operator that can make a large value. */
export const growth: readonly string[] = [
  "{% set m = 'm'*1000000 %}{% set a = ('a '*530)|wordwrap(1,true,m) %}{% set b = ('a '*530)|wordwrap(1,true,m) %}{{ a.count('m') }}",
  "{{ ('a '*500)|wordwrap(1,true,'\\u4e00'*1000000)|length }}",
  ...[
    ...['s|urlencode', 's|escape', 'q|escape', 'q|forceescape', 'q|urlencode', 's|tojson'],
    ...['q|tojson', '[q]|string', '[s]|string', 's|upper', "('\\u0390'*900000)|upper", 's|title'],
    ...['s|lower', 's|capitalize', 's|trim|string', 's|list', 's|reverse', 's|replace("","ab")'],
    ...['s[::-1]', 's[1:]', 's ~ s', 's + s', 's * 2', 's.upper()', 's.title()', 's.swapcase()'],
    ...['s.center(4000000)', 's.ljust(4000000,"\\u4e01")', 's.rjust(4000000)', 's.zfill(4000000)'],
    ...['s|center(4000000)', 's.split("\\u4e01")', "('\\u4e00,'*900000).split(',')"],
    ...["('a b '*900000).split()", "('a\\n'*1500000).splitlines()", "('a\\n'*900000)|indent(4)"],
    ...[
      "('a\\n'*900000)|indent(s)",
      's.partition("\\u4e00")',
      's|striptags',
      '"%s%s"|format(s, s)',
    ],
    ...['"%s" * 200 % (s,)', '"{0}{0}{0}".format(s)', "('%9999d'*900)|format(*([1]*900))"],
    ...['[s]*400000', 'range(500000)|list', 'range(400000)|batch(1)|list', '[1]|slice(900000)'],
    ...['[1]|batch(3000000, 0)', 'range(300000)|groupby("x")', 'range(90000)|unique|list'],
    ...['range(90000)|sort', 'range(90000)|map("string")|list', 'dict(a=1)|dictsort', '{}', '[]'],
    ...[
      '{"a": s, "b": s}|xmlattr',
      '{"a": s, "b": s}|urlencode',
      '[s,s,s]|join',
      's.join(["","",""])',
    ],
    ...["'a'.join([s, s])", '([s]*100)|join', '([q]*100)|sum(start="")', '[[1]*9]*300000'],
  ].map((value) => repeated(value)),
  ...['{}', '[]', 'namespace()', 'dict(a=1)', 'cycler(1)', 'joiner()', '(1,)'].map((value) =>
    repeated(value, 1_000_000),
  ),
  `${nested("('a','b')", '(n.v,n.v)', 27)}{{ [n.v]|unique|list|length }}`,
  `${nested("['a']", '[n.v,n.v]', 27)}{{ n.v|tojson(20)|length }}`,
  `${nested("['a'*100]*9000", '[n.v]', 97)}{{ n.v|tojson(20)|length }}`,
  `${nested("['a'*100]*40000", '[n.v]', 97)}{{ n.v|string|length }}`,
  `${nested('{}', "{('\\u4e00'*900000): n.v}", 90)}{{ n.v|tojson|length }}`,
  `${nested("'ab'", 'n.v ~ n.v', 60)}`,
  `${nested('[1]', 'n.v + n.v', 60)}`,
  `{% macro f() %}{{ 'x'*1000000 }}{% endmacro %}${repeated('f()', 20)}`,
  "{% set l=['a'*900000]*100 %}{% set m=[l,l,l] %}{{ m|join(m)|length }}",
  "{{ 'x'|center(-1000000000) }}{{ 'a'*40000000 }}",
]

const text = "'a'*4000000"
const part = "'a'*100+'b'+'a'*1000000"

/** Searches that take minutes. */
export const searches: readonly string[] = [
  ...[`.find(${part})`, `.rfind(${part})`, `.index(${part})`, `.rindex(${part})`],
  ...[`.count(${part})`, `.partition(${part})`, `.split(${part})`, `.rsplit(${part}, 1)`],
  ...[`.replace(${part}, 'x')`, `|replace(${part}, 'x')`],
]
  .map((use) => `{% set t = ${text} %}{{ t${use} }}`)
  .concat(`{{ (${part}) in ${text} }}`, `{{ (${part}) is in(${text}) }}`)
