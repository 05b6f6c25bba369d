import { describe, expect, it, vi } from 'vitest'
import { readAddresses } from '../../src-main/contract/address-list.ts'
import { readQuery } from '../../src-main/contract/search.ts'
import { hitPattern, textFields } from '../../src-main/contract/search-hits.ts'
import { createSecretMask } from '../../src-main/domain/auth/secret-mask.ts'
import { codesOf } from '../../src-main/domain/reading/extract-codes.ts'
import { linksOf } from '../../src-main/domain/reading/extract-links.ts'
import { viewPage } from '../../src-main/domain/reading/view-page.ts'
import { compileJinja } from '../../src-main/domain/templates/jinja/jinja.ts'
import { JinjaProblem } from '../../src-main/domain/templates/jinja/problem.ts'
import { hasRemoteContent, referencedContentIds } from '../../src-main/html/body.ts'
import { linksOfHtml } from '../../src-main/html/cid-links.ts'
import { hasDarkStyles, inColorScheme } from '../../src-main/html/color-scheme.ts'
import { withoutDeadLinks } from '../../src-main/html/dead-links.ts'
import { htmlToText } from '../../src-main/html/html-to-text.ts'
import { withMarks } from '../../src-main/html/marks.ts'
import { isNestedDeep } from '../../src-main/html/nesting.ts'
import { neutralised, withoutFrames } from '../../src-main/html/neutral.ts'
import { remoteContentOf } from '../../src-main/html/remote-content.ts'
import { readHtmlText } from '../../src-main/html/text.ts'
import { readJson } from '../../src-main/http/json-body.ts'
import { parseAddresses } from '../../src-main/mime/addresses.ts'
import { parseDate } from '../../src-main/mime/dates.ts'
import { digest } from '../../src-main/mime/digest.ts'
import { decodeWords } from '../../src-main/mime/encoded-words.ts'
import { readHeaderBlock } from '../../src-main/mime/header-block.ts'
import { readHeaders, scanHeader } from '../../src-main/mime/header-scan.ts'
import { mboxEntry } from '../../src-main/mime/mbox.ts'
import { decodeParameters, readParameterized } from '../../src-main/mime/parameters.ts'
import { snippetOf } from '../../src-main/mime/snippet.ts'
import { readStructure } from '../../src-main/mime/structure.ts'
import { createLineMask } from '../../src-main/outbound/line-mask.ts'
import { headerWords } from '../../src-main/storage/search-words.ts'
import { variablesOf } from '../../src-renderer/features/templates/template-variables.ts'
import { parseAuthResults, parseHops } from '../../src-renderer/message/header-reading.ts'
import { sourceLines } from '../../src-renderer/message/source-lines.ts'
import { searchSource } from '../../src-renderer/message/source-search.ts'
import { splitIntoBlocks } from '../../src-renderer/message/text-blocks.ts'
import { growsTooFast } from './growth.ts'

// It counts steps and processor time: a busy machine makes it late, not red.
vi.setConfig({ testTimeout: 120_000 })

/** A text grows by its middle: `before|repeated|after`. */
type Shapes = readonly string[]

const html: Shapes = [
  '<|a|',
  '</|a|',
  '<a |b=c |',
  '<a href="|x|',
  '|<div>|',
  '|<b title="<">|',
  '|<p><b>|',
  '|<a href=x>y</a>|',
  '|<a |',
  '|<!--|',
  '|<style>|',
  '|<svg><title>|',
  '|</p>|',
  '|&#106;|',
  '|href=|',
  '|<a href="&#0;|',
  '<a |target=" |',
  '|<img srcset="x |',
  '|(prefers-color-scheme: |',
  '| |<p>',
  '|x@|',
]
const words: Shapes = [
  '| |x',
  '|a |',
  '|a, |',
  '|a: |',
  '|"|',
  '|(|x',
  '|<a@b.c>, |',
  '|=?utf-8?q?a?= |',
  '|=?utf-8?q?a|',
  '|=?x?q?=?|',
  '|é|',
]
const lines: Shapes = ['X: |a|', '|X: a\n|', 'X: a|\n b|', '|>|', '|From |\n', 'X: |\n |x', '|:\n|']
const texts: Shapes = [
  'code |order no |! 482913',
  '|code 482913 |',
  '|order no |482913',
  '|1 |x',
  '|1-|x',
  '|A1B2-|',
  '|a@|',
  '|https://a.b/|',
  '|[https:|',
  '|<https:|',
  '|> |x',
  'https://|.|x',
  '|.|x',
]
/** Most shapes are no templates. */
function compileQuietly(source: string): void {
  try {
    compileJinja(source, { isHtml: true })
  } catch (error) {
    if (!(error instanceof JinjaProblem)) throw error
  }
}

const templates: Shapes = [
  '|{# |',
  '{{ "|\\"|',
  '{{ |a.|',
  '{{ |a|b | }}',
  '|{% raw %}|',
  '{{ |1_|',
  '|{%- if a -%} |',
  '|{{|',
  '|{%|',
  '|{{!--|',
  '|{% comment %}|',
  '|{{ a.b }}|',
  '|{% for a in b %}|',
  '{{ |[|',
  '{{ |a |}}',
  "{{ |'|}}",
]
const smtp: Shapes = ['AUTH |x |', 'AUTH | |x', '|ms_live_|', 'MAIL FROM:<|"|>', 'MAIL FROM:<|a@|>']

const bytes = (text: string) => Buffer.from(text, 'utf8')
const page = (text: string) =>
  viewPage({
    html: [{ bytes: bytes(text), encoding: '8bit', charset: null, format: 'html' }],
    attachments: [],
    address: '/view/x',
    scheme: 'dark',
    highlight: 'frost "a b"',
    remoteContent: false,
  })
const hits = hitPattern('a "a b" x', textFields) ?? /a/g
const mask = createLineMask()
const maskSecrets = createSecretMask(['a-key-of-the-environment'])

const cases: readonly (readonly [name: string, work: (text: string) => unknown, shapes: Shapes])[] =
  [
    ['header block', (text) => readHeaderBlock(bytes(text)), lines],
    [
      'header scan',
      (text) => scanHeader(bytes(`To: ${text}\nSubject: ${text}\nFrom: ${text}`)),
      words,
    ],
    ['header fields', (text) => headerWords(readHeaders(bytes(text))), lines],
    ['addresses', parseAddresses, words],
    ['addresses to send to', readAddresses, words],
    ['encoded words', decodeWords, words],
    ['date', parseDate, ['1 Jan| |2026', 'Mon,| |x', '|1|', '1 |a|']],
    [
      'parameters',
      (text) => decodeParameters(readParameterized(text).written),
      ['a;|b=c;|', 'a;|b*1="x";|', 'a; b="|\\"|', 'a|(|', 'a;|b=|', 'a;|;|=x', "a; b*='|%41|"],
    ],
    [
      'MIME structure',
      (text) => readStructure(bytes(`Content-Type: multipart/mixed; boundary=b\n\n${text}`)),
      [
        '|\n--b\n|',
        '|--b|',
        '|\n--|',
        '|\n--b\nContent-Type: multipart/mixed; boundary=b\n\n|',
        '|\n--b \n a\n|',
      ],
    ],
    ['digest of HTML', (text) => digest(bytes(`Content-Type: text/html\n\n${text}`)), html],
    ['digest of text', (text) => digest(bytes(`Content-Type: text/plain\n\n${text}`)), texts],
    ['HTML to text', htmlToText, html],
    ['words of HTML', (text) => readHtmlText(text, text.length), html],
    ['marks', (text) => withMarks(text, hits), html],
    ['nesting', isNestedDeep, html],
    ['colour scheme', (text) => [hasDarkStyles(text), inColorScheme(text, 'dark')], html],
    [
      'remote content',
      (text) => [remoteContentOf(text), hasRemoteContent(text), referencedContentIds(text)],
      html,
    ],
    ['neutral HTML', (text) => [neutralised(text, false), withoutFrames(text)], html],
    ['dead links', withoutDeadLinks, html],
    ['page of a view', page, html],
    ['links of HTML', linksOfHtml, html],
    ['links', (text) => linksOf('', text), texts],
    ['codes', (text) => codesOf('code', text), texts],
    ['snippet', snippetOf, texts],
    ['mbox', (text) => mboxEntry(bytes(text), 'a@b.c', 0), lines],
    ['search query', (text) => readQuery(text, 0), ['|a|', '|"|', '|a:|', '|-|', '|OR |', '| |']],
    [
      'JSON body',
      (text) => attempt(() => readJson({}, bytes(text))),
      ['|[|', '[|0,|0]', '{|"a":0,|"b":0}', '"|a|"'],
    ],
    [
      'secrets of a line',
      maskSecrets,
      ['|ms_live_a |', '|ms_live_|', '|bXNfbGl2ZV|', '|bXNfbGl2ZV |', '|a-key-of-|', '|ms%5Flive|'],
    ],
    ['credentials of a line', (text) => mask('client', text), smtp],
    ['variables of Liquid', (text) => variablesOf('liquid', text), templates],
    ['variables of Jinja2', (text) => variablesOf('jinja', text), templates],
    ['a Jinja2 template', compileQuietly, templates],
    ['variables of Handlebars', (text) => variablesOf('handlebars', text), templates],
    ['source lines', sourceLines, lines],
    ['source search', (text) => searchSource(text, 'aab'), ['|a|', '|aab|']],
    [
      'hops',
      (text) => parseHops([{ name: 'Received', value: text }]),
      ['|(|', 'from |(a)| ; |', '|; (|', 'from| |x'],
    ],
    ['results of checks', parseAuthResults, ['|a=b;|', '|(|', '| |=x', '|a|']],
    ['text blocks', splitIntoBlocks, ['|a\n|', '|a|', '|\n|']],
  ]

function attempt(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

const textOf = (shape: string, length: number): string => {
  const [before = '', middle = '', after = ''] = shape.split('|')
  return before + middle.repeat(Math.ceil(length / middle.length)) + after
}

describe('Functions that read mail, queries and templates', () => {
  it.each(cases)('The time of “%s” is linear in its input', (_, work, shapes) => {
    const slow = shapes.filter((shape) => growsTooFast((length) => work(textOf(shape, length))))
    expect(slow).toEqual([])
  })
})

describe('The measure of growth', () => {
  it('The measure finds quadratic work, and accepts linear work', () => {
    expect(growsTooFast((length) => /a*b/.test('a'.repeat(length)))).toBe(true)
    expect(growsTooFast((length) => 'a'.repeat(length).split('').reverse().join(''))).toBe(false)
  })
})
