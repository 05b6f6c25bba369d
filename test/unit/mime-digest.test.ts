import { describe, expect, it, vi } from 'vitest'
import { hasRemoteContent } from '../../src-main/html/body.ts'
import { htmlToText } from '../../src-main/html/html-to-text.ts'
import { decodePart } from '../../src-main/mime/body.ts'
import { digest } from '../../src-main/mime/digest.ts'
import { snippetOf } from '../../src-main/mime/snippet.ts'
import { message, processorMs } from '../fixtures/mail/fixture.ts'
import { createRandom, type Random } from '../fixtures/mail/random.ts'

vi.setConfig({ testTimeout: 60_000 })

function leaf(type: string, body: string, ...headers: string[]): string {
  return [`Content-Type: ${type}`, ...headers, '', body].join('\r\n')
}

let boundaries = 0

function multipart(type: string, ...parts: string[]): string {
  const boundary = `=_${boundaries++}`
  const divided = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')
  return `Content-Type: multipart/${type}; boundary="${boundary}"\r\n\r\n${divided}--${boundary}--`
}

describe('The digest of a message', () => {
  it('An alternative gives its text part, and its calendar is an attachment', () => {
    const found = digest(
      message(
        multipart(
          'alternative',
          leaf('text/plain', 'plain'),
          leaf('text/html', '<p>html</p>'),
          leaf('text/calendar; method=REQUEST', 'BEGIN:VCALENDAR'),
        ),
      ),
    )
    expect(found).toMatchObject({ text: 'plain', hasText: true, hasHtml: true })
    expect(found.attachments).toMatchObject([{ contentType: 'text/calendar' }])
  })

  it('A blank text part is replaced by the HTML', () => {
    const parts = [leaf('text/plain', ' \r\n'), leaf('text/html', '<p>only here</p>')]
    expect(digest(message(multipart('alternative', ...parts))).text).toBe('only here')
  })

  it('HTML comes before the footer of a mailing list', () => {
    const parts = [leaf('text/html', '<p>news</p>'), leaf('text/plain', 'unsubscribe')]
    const found = digest(message(multipart('mixed', ...parts)))
    expect(found.text).toBe('news\nunsubscribe')
    expect(found).toMatchObject({ hasText: true, hasHtml: true, attachments: [] })
  })

  it('An inline text file is listed, and its name is searchable', () => {
    const file = leaf('text/plain', 'log line', 'Content-Disposition: inline; filename=app.log')
    const found = digest(message(multipart('mixed', leaf('text/plain', 'see log'), file)))
    expect(found.text).toBe('see log')
    expect(found.fileNames).toBe('app.log')
  })

  it('An image is inline only when the HTML shows it', () => {
    const picture = (id: string): string =>
      leaf('image/png', 'x', `Content-ID: <${id}>`, 'Content-Disposition: inline')
    const html = leaf('text/html', `<img src="cid:a%2Bb@x"><p style="background: url(cid:c@x)">`)
    const parts = [html, picture('a+b@x'), picture('c@x'), picture('unused@x')]
    const found = digest(message(multipart('related', ...parts)))
    expect(found.attachments.map(({ contentId, inline }) => [contentId, inline])).toEqual([
      ['a+b@x', true],
      ['c@x', true],
      ['unused@x', false],
    ])
  })

  it('A message of any text type is read', () => {
    expect(digest(message(leaf('text/markdown', '# Title')))).toMatchObject({
      text: '# Title',
      attachments: [],
    })
  })

  it('A message that is one file has one attachment', () => {
    const found = digest(message(leaf('application/pdf; name=a.pdf', '%PDF')))
    expect(found).toMatchObject({ text: '', hasText: false, hasHtml: false })
    expect(found.attachments).toMatchObject([{ filename: 'a.pdf', sizeBytes: 4 }])
  })

  it('A digest has at most 200,000 characters, also of long HTML', () => {
    expect(digest(message('A: b', '', 'word '.repeat(100_000))).text.length).toBe(200_000)
    const html = `<p>start</p>${'<p>x</p>'.repeat(200_000)}<img src="https://late.example/x.png">`
    const found = digest(message(leaf('text/html', html)))
    expect(found.text.startsWith('start')).toBe(true)
    expect(found.remoteContent).toBe(true)
  })

  it('No part of 300 random trees is lost', () => {
    const random = createRandom(7)
    for (let count = 0; count < 300; count++) {
      const tokens: string[] = []
      const raw = Buffer.from(randomTree(random, tokens, 0), 'latin1')
      const found = digest(raw)
      const shown = found.bodies.flatMap(({ text, html }) => [...text, ...html])
      const parts = [...shown, ...found.attachments]
      const readable = parts.map((part) => decodePart(raw, part).toString()).join('\n')
      for (const token of tokens) expect(readable).toContain(token)
    }
  })
})

function randomTree(random: Random, tokens: string[], depth: number): string {
  if (depth < 4 && random.chance(depth === 0 ? 0.9 : 0.4)) {
    const children = Array.from({ length: 1 + random.below(4) }, () =>
      randomTree(random, tokens, depth + 1),
    )
    return multipart(random.pick(['mixed', 'alternative', 'related', 'signed']), ...children)
  }
  const token = `token-${tokens.length}-${random.below(1e9)}`
  tokens.push(token)
  const type = random.pick(['text/plain', 'text/html', 'image/png', 'text/csv', 'message/rfc822'])
  const disposition = random.pick([
    '',
    '',
    'inline',
    'attachment; filename=a.txt',
    'inline; filename=b',
  ])
  const headers = disposition === '' ? [] : [`Content-Disposition: ${disposition}`]
  if (random.chance(0.5)) return leaf(type, `${token}\r\n`, ...headers)
  const encoded = Buffer.from(token).toString('base64')
  return leaf(type, encoded, 'Content-Transfer-Encoding: base64', ...headers)
}

describe('The snippet of a message', () => {
  it.each([
    ['folds blanks', ' a\r\n\r\n\t b  c ', 'a b c'],
    ['leaves out quoted lines', '> quoted\n>> twice\nanswer\n > quoted', 'answer'],
    ['shows quoted lines when there is nothing else', '> quoted', '> quoted'],
    [
      'leaves out preview filler',
      'Sale\u200c\u00a0\u034f\u200c\u00a0\u034f \u00ad\u00ad today',
      'Sale today',
    ],
    ['leaves out lone invisible characters', 'a\u200bb\ufeffc\u00add', 'abcd'],
    ['keeps joined emoji and Persian words', '👩‍👩‍👧 می‌خواهم ❤️‍🔥', '👩‍👩‍👧 می‌خواهم ❤️‍🔥'],
    [
      'leaves out addresses of links',
      'Go [https://x.example/a?b=c] now <https://y.example>',
      'Go now',
    ],
    ['is empty for nothing', ' \n \u200b', ''],
  ])('The snippet %s', (_, text, snippet) => {
    expect(snippetOf(text)).toBe(snippet)
  })

  it('A snippet has at most 200 characters and never half a character', () => {
    expect(snippetOf(`x${'😀'.repeat(200)}`)).toBe(`x${'😀'.repeat(99)}`)
  })
})

describe('The text of HTML', () => {
  it('HTML gives its visible text', () => {
    const html = `<html><head><title>T</title><style>a{}</style></head><body><script>bad()</script>
      <h1>Hello</h1><p>One &amp; two<br>three</p><ul><li>first</li><li>second</li></ul>
      <table><tr><td>Total</td><td>5 €</td></tr></table>
      <a href="https://x.example/v?t=1">Verify</a> <a href="https://y.example">https://y.example</a>
      <img src="x.png" alt="x"></body></html>`
    const text = htmlToText(html)
    expect(text.replace(/\s+/g, ' ').trim()).toBe(
      'Hello One & two three * first * second Total 5 € Verify [https://x.example/v?t=1] https://y.example',
    )
  })

  it.each(['<div>', '<li><p>', '<p><li><td>', '<td><li><p><dt>', '<svg><path/>', '<q\n>'])(
    'HTML of %s alone is read within 2 seconds',
    (tags) => {
      const html = `top ${tags.repeat(500_000 / tags.length)}`
      expect(processorMs(() => expect(htmlToText(html)).toContain('top'))).toBeLessThan(2000)
    },
  )

  it('HTML without end tags is read as HTML', () => {
    const text = htmlToText(`${'<p>a &amp; b<ul><li>c<li>d</ul><br>'.repeat(1000)}`)
    expect(text.split('a & b').length).toBe(1001)
  })

  it.each([
    ['<img src="https://x.example/a.png">', true],
    ["<img class=a src = ' http://x.example/a.png'>", true],
    ['<img src=//x.example/a.png>', true],
    ['<img srcset="a.png 1x, https://x.example/b.png 2x">', true],
    ['<td background="http://x.example/a.png">', true],
    ['<div style="background:url(&quot;x&quot;) , url(\'https://x.example/a\')">', true],
    ['<link rel=stylesheet href="https://x.example/a.css">', true],
    ['<style>@import "https://x.example/a.css";</style>', true],
    ['<style>@font-face{src:url(https://x.example/a.woff)}</style>', true],
    ['<IFRAME SRC=HTTPS://x.example></IFRAME>', true],
    ['<a href="https://x.example">link</a>', false],
    ['<img src="cid:a"> <img src="data:image/png;base64,AA=="> http://x.example', false],
    ['', false],
  ])('%s refers to remote content: %s', (html, remote) => {
    expect(hasRemoteContent(html)).toBe(remote)
  })
})
