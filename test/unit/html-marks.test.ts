import { expect, it } from 'vitest'
import { hitPattern, textFields } from '../../src-main/contract/search-hits.ts'
import { withMarks } from '../../src-main/html/marks.ts'

/** Shows each mark in brackets, and the first visible one with a star. */
function marked(html: string, query: string): string {
  const hits = hitPattern(query, textFields)
  if (!hits) throw new Error(`${query} marks nothing`)
  return withMarks(html, hits)
    .replaceAll(/<mark id=mailsage-hit style=[^ >]*>/g, '[*')
    .replaceAll(/<mark style=[^ >]*>/g, '[')
    .replaceAll('</mark>', ']')
}

it.each([
  ['words in any case', '<p>Frost and frost</p>', 'frost ', '<p>[*Frost] and [frost]</p>'],
  ['several words', '<p>a leek, a frost</p>', 'frost leek', '<p>a [*leek], a [frost]</p>'],
  [
    'a phrase across tags',
    '<p>winter <b>soup, lo</b>ng ago</p>',
    '"soup long ago"',
    '<p>winter <b>[*soup, lo]</b>[ng ago]</p>',
  ],
  [
    'a phrase across blocks, and no blank between cells',
    '<tr><td>seed</td> <td>box</td></tr>',
    '"seed box"',
    '<tr><td>[*seed]</td> <td>[box]</td></tr>',
  ],
  ['no word that two blocks make', '<p>se</p><p>ed</p>', 'seed', '<p>se</p><p>ed</p>'],
  ['a word that inline tags divide', 's<b>ee</b>d', 'seed', '[*s]<b>[ee]</b>[d]'],
  [
    'character references',
    'Gr&uuml;&#223;e caf&#xE9;',
    'grüße café',
    '[*Gr&uuml;&#223;e] [caf&#xE9;]',
  ],
  [
    'no name of a reference',
    'a&nbsp;b &hellip; hellip',
    'hellip nbsp',
    'a&nbsp;b &hellip; [*hellip]',
  ],
  ['words around a reference', 'seed&nbsp;box', '"seed box"', '[*seed&nbsp;box]'],
  ['astral letters', '&#x1d4d0; 𝓐', '𝓐', '[*&#x1d4d0;] [𝓐]'],
])('Search terms in %s are marked', (_, html, query, result) => {
  expect(marked(html, query)).toBe(result)
})

it.each([
  ['attributes', '<p title="x> frost" class=frost data-frost>'],
  ['an attribute with the other quote', `<p title='a "> frost' x="b '> frost">`],
  ['attributes written strangely', '<p / title = ">frost" =x=\'"> frost\'/frost =frost>'],
  ['a tag that never ends', '<p title="frost>frost'],
  ['styles', '<style>.frost{content:"frost</b>"}</style >'],
  ['scripts', '<script>frost("</b>frost")</script>'],
  ['a script in a comment in a script', '<script><!--<script>frost</script>frost--></script>'],
  ['titles', '<title>frost <b>frost</b></title>'],
  ['fields', '<textarea>frost <p>frost</textarea>'],
  ['frames and their like', '<iframe>frost</iframe><noembed>frost</noembed><xmp>frost</xmp>'],
  ['comments', '<!-- frost > frost --><!--> --!><!-- frost --!><!---><!-- frost'],
  ['what is taken for a comment', '<!frost><?frost ?></ frost><!doctype frost "frost">'],
  ['pictures', '<svg><text>frost</text><svg></svg><a>frost</a></svg>'],
  ['formulas and menus', '<math><mi>frost</mi></math><select><option>frost</select>'],
  ['plain text to the end', '<plaintext><p>frost</plaintext>'],
])('Search terms in %s are not marked', (_, html) => {
  expect(marked(html, 'frost')).toBe(html)
})

it('HTML after the last mark is unchanged', () => {
  const html =
    '<style>a</style><!-- x --!><svg><svg/></svg></svg><p =">1 < 2 <3 </> <script>"</script>'
  expect(marked(`${html}frost`, 'frost')).toBe(`${html}[*frost]`)
})

it('The first visible mark has the id', () => {
  expect(
    marked(
      '<div style="display:none"><div>frost</div>frost</div><img style="display:none"><p>frost</p>frost',
      'frost',
    ),
  ).toBe(
    '<div style="display:none"><div>[frost]</div>[frost]</div><img style="display:none"><p>[*frost]</p>[frost]',
  )
})

it('A mark cannot end an attribute or an element', () => {
  const hits = hitPattern('frost', textFields)
  const [mark = ''] = /<mark[^>]*>/.exec(withMarks('frost', hits ?? /$^/g)) ?? []
  expect(mark).not.toMatch(/["'`&]/)
})

it('The number of marks is bounded, also in hostile text', () => {
  const hits = hitPattern('"a b" frost', textFields) ?? /$^/g
  const many = withMarks('<p>frost</p>'.repeat(50_000), hits)
  expect(many.split('</mark>').length - 1).toBe(1000)
  const pieces = ['<', '<!--', '<svg>', '<p title="', '<a style="', '&a', 'a -', '<script><!--']
  for (const piece of pieces) {
    expect(withMarks(piece.repeat(100_000), hits)).toHaveLength(piece.length * 100_000)
  }
})
