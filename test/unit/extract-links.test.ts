import { describe, expect, it } from 'vitest'
import { linksOf } from '../../src-main/domain/reading/extract-links.ts'

const page = 'https://app.example.com'

describe('Links of a message', () => {
  it.each([
    [
      'a button',
      `<a href="${page}/a?x=1&amp;y=2">Confirm <b>now</b></a>`,
      `${page}/a?x=1&y=2`,
      'Confirm now',
    ],
    ['a picture', `<a href='${page}'><img src="i.png" alt="Open Acme"></a>`, page, 'Open Acme'],
    ['a picture without words', `<a href="${page}"><img src="i.png"></a>`, page, null],
    ['no quotes', `<A HREF=${page}/x>Go</A>`, `${page}/x`, 'Go'],
    [
      'an app',
      '<a href="acme://sign-in/482913">Open the app</a>',
      'acme://sign-in/482913',
      'Open the app',
    ],
    ['blanks around', `<a href="  ${page}  ">\n  Go\n  there </a>`, page, 'Go there'],
    ['a map', `<map><area href="${page}/m" alt="Map"></map>`, `${page}/m`, null],
    ['a deep table', `${'<table><tr><td>'.repeat(20)}<a href="${page}">Deep</a>`, page, 'Deep'],
  ])('A link is extracted from HTML: %s', (_, html, url, text) => {
    expect(linksOf(html, '')).toEqual([{ url, text }])
  })

  it.each([
    ['the end of a sentence', `See ${page}/a. Bye`, `${page}/a`],
    ['brackets', `(see ${page}/a)`, `${page}/a`],
    ['brackets of its own', `${page}/wiki/A_(b)`, `${page}/wiki/A_(b)`],
    ['angle brackets', `<${page}/a>`, `${page}/a`],
    ['what html-to-text makes of a link', `Confirm [${page}/a]`, `${page}/a`],
    ['quotes', `"${page}/a"`, `${page}/a`],
    ['stars', `**${page}/a**`, `${page}/a`],
    ['Japanese brackets', `「${page}/a」です`, `${page}/a`],
    ['a query with commas', `${page}/a?x=1,2&y=%20#z`, `${page}/a?x=1,2&y=%20#z`],
    ['capitals', 'HTTPS://EXAMPLE.COM/A', 'HTTPS://EXAMPLE.COM/A'],
  ])('A link is extracted from text: %s', (_, text, url) => {
    expect(linksOf('', text)).toEqual([{ url, text: null }])
  })

  it.each([
    '<a href="mailto:ann@example.com">Write</a>',
    '<a href="tel:+1555">Call</a>',
    '<a href="#top">Up</a>',
    '<a href="">Nothing</a>',
    '<a name="x">Anchor</a>',
    '<a href="javascript:alert(1)">Run</a>',
    '<a href="data:text/html,x">Data</a>',
    '<a href="/relative">Relative</a>',
    '<!-- <a href="https://hidden.example">x</a> -->',
  ])('No link is extracted from %s', (html) => {
    expect(linksOf(html, 'no address here, http:// neither')).toEqual([])
  })

  it('Each link appears once, in order, with the first label that is not empty', () => {
    const html = `<a href="${page}/1"><img src="x"></a><a href="${page}/2">Two</a><a href="${page}/1">One</a>`
    expect(linksOf(html, `${page}/2 and ${page}/3`)).toEqual([
      { url: `${page}/1`, text: 'One' },
      { url: `${page}/2`, text: 'Two' },
      { url: `${page}/3`, text: null },
    ])
  })

  it.each([
    ['brackets', '', `http://${']'.repeat(200_000)}`],
    ['open links', '<a href=http://x.y>'.repeat(20_000), ''],
    ['deep elements', `${'<div>'.repeat(100_000)}<a href="http://x.y">x</a>`, ''],
  ])('The extraction of links takes linear time in endless %s', (_, html, text) => {
    const started = performance.now()
    linksOf(html, text)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
