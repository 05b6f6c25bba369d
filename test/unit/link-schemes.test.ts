import { describe, expect, it } from 'vitest'
import { type LinkKind, linkKind } from '../../src-main/contract/link-schemes.ts'
import { linksOf } from '../../src-main/domain/reading/extract-links.ts'
import { withoutDeadLinks } from '../../src-main/html/dead-links.ts'
import { neutralised } from '../../src-main/html/neutral.ts'

const kinds: readonly (readonly [address: string, kind: LinkKind])[] = [
  ['https://example.com/', 'live'],
  ['HTTP:example.com', 'live'],
  ['mailto:ann@example.com', 'live'],
  ['tel:+1555', 'live'],
  ['sms:+1555', 'live'],
  ['\u0001 https://example.com/', 'live'],
  ['acme://sign-in/1', 'app'],
  ['com.example.app://x', 'app'],
  ['vbscript:msgbox(1)', 'dead'],
  ['VBSCRIPT://x', 'dead'],
  ['javascript://%0aalert(1)', 'dead'],
  ['java\nscript:alert(1)', 'dead'],
  [' \u0000javascript:alert(1)', 'dead'],
  ['data:text/html,x', 'dead'],
  ['file:///etc/passwd', 'dead'],
  ['blob:https://example.com/1', 'dead'],
  ['ms-word:ofe|u|https://example.com/a.docx', 'dead'],
  ['ms-settings://x', 'dead'],
  ['search-ms://x', 'dead'],
  ['view-source:https://example.com', 'dead'],
  ['anything:else', 'dead'],
  ['#top', 'relative'],
  ['/path', 'relative'],
  ['1a:b', 'relative'],
  ['', 'relative'],
]

describe('The scheme of a link', () => {
  it.each(kinds)('The scheme of %j is %s', (address, kind) => {
    expect(linkKind(address)).toBe(kind)
  })

  it.each(kinds)(
    'The link %j is removed from a message only when it is unsafe to open',
    (address) => {
      const escaped = address.replaceAll('&', '&amp;')
      const kept = withoutDeadLinks(`<a href="${escaped}">x</a>`).includes('<a href=')
      expect(kept).toBe(['live', 'relative'].includes(linkKind(address)) && address !== '1a:b')
    },
  )

  it.each(kinds)(
    'The link %j is extracted when it leads to a page or into an app',
    (address, kind) => {
      const found = linksOf(`<a href="${address}">x</a>`, '')
      const isPage = kind === 'app' || /http/i.test(address.slice(0, 9))
      expect(found).toHaveLength(isPage && (kind === 'live' || kind === 'app') ? 1 : 0)
    },
  )

  it.each([
    'java&#115;cript:alert(1)',
    'java&#x73cript:alert(1)',
    'javascript&colon;alert(1)',
    'java&NewLine;script:alert(1)',
    '&#1;javascript:alert(1)',
    'java&unknown;script:alert(1)',
    `${' '.repeat(400)}javascript:alert(1)`,
    `&#${'0'.repeat(400)}106;avascript:alert(1)`,
    `${'a'.repeat(400)}:alert(1)`,
  ])('A link whose scheme is hidden as %j is removed', (href) => {
    for (const quote of ['"', "'", '']) {
      expect(withoutDeadLinks(`<a href=${quote}${href}${quote}>x</a>`)).not.toContain('<a href')
    }
  })

  it.each([
    '/view/msg_1.abc/parts/0',
    'https://example.com/?a=1&amp;b=javascript:2',
    'page?x=javascript:',
    'data:image/png;base64,AAAA',
    `https://example.com/${'a'.repeat(2000)}`,
  ])('The link %j stays in the message', (href) => {
    const html = `<a title=x href="${href}">x</a>`
    expect(withoutDeadLinks(html)).toBe(html)
  })
})

describe('HTML that loads remote content', () => {
  it.each(['iframe', 'FRAME', 'frameset', 'object', 'embed', 'meta', 'base', 'link'])(
    '%s becomes another element before consent',
    (name) => {
      const html = `<${name}\nsrc=x></${name}>a<${name}/>b<${name}>`
      const still = neutralised(html, false)
      expect(still).not.toMatch(new RegExp(`</?${name}[\\s/>]`, 'i'))
      expect(still.replaceAll('x-', '')).toBe(html)
    },
  )

  it('Style sheets stay with consent, and frames never do', () => {
    const html = '<link rel=stylesheet href=x><iframe src=x>'
    expect(neutralised(html, true)).toBe('<link rel=stylesheet href=x><x-iframe src=x>')
  })

  it('Elements whose names only begin the same stay unchanged', () => {
    const html = '<linked><metadata><basefont><framed><objects>'
    expect(neutralised(html, false)).toBe(html)
  })
})
