import { describe, expect, it } from 'vitest'
import {
  analyzeLinks,
  type Link,
  mainLinkOf,
} from '../../src-renderer/features/inbox/message/link-analysis.ts'

const link = (url: string, text: string | null = null): Link => ({ url, text })
const kinds = (...links: Link[]) =>
  analyzeLinks(links).map(({ findings }) => findings.map(({ kind }) => kind))

describe('The warnings of a link', () => {
  it.each([
    ['https://www.bank.example/', 'www.bank.example', []],
    ['https://bank.example/login', 'https://www.bank.example', []],
    ['https://click.bank.example/x', 'bank.example', []],
    ['https://bank.example/', 'Your bank', []],
    ['https://bank.example.evil.net/', 'bank.example', ['mismatch']],
    ['https://evilbank.example/', 'bank.example', ['mismatch']],
    ['http://shop.example/', null, ['insecure']],
    ['http://localhost:3000/verify', null, []],
    ['http://127.0.0.1:3000/verify', null, []],
    ['http://shop.test/verify', null, []],
    ['https://203.0.113.9/', null, ['address']],
    ['https://xn--pple-43d.example/', null, ['lookalike']],
    ['no address', 'words', []],
  ] as const)('%s with the label %s has the warnings %j', (url, text, found) => {
    expect(kinds(link(url, text))).toEqual([found])
  })

  it('Query parameters that only track are named', () => {
    const [judged] = analyzeLinks([link('https://a.example/?id=7&utm_source=x&gclid=y&ref=z')])
    expect(judged).toMatchObject({
      host: 'a.example',
      scheme: 'https',
      tracking: ['utm_source', 'gclid'],
    })
  })

  it('The same page with other tracking and other pages with the same label are reported', () => {
    const shop = 'https://a.example/shop'
    expect(kinds(link(`${shop}?utm_medium=a`), link(`${shop}?utm_medium=b`))).toEqual([
      [],
      ['duplicate'],
    ])
    expect(kinds(link(shop, 'Read more'), link('https://a.example/news', 'read more'))).toEqual([
      ['ambiguous'],
      ['ambiguous'],
    ])
  })
})

describe('The main link', () => {
  it.each([
    [
      'by its words',
      [link('https://a.example/1', 'Read'), link('https://a.example/2', 'Verify email')],
      1,
    ],
    [
      'by its address',
      [link('https://a.example/'), link('https://a.example/reset-password?t=1')],
      1,
    ],
    [
      'words before addresses',
      [link('https://a.example/login'), link('https://a.example/x', 'Confirm')],
      1,
    ],
    ['never the way out', [link('https://a.example/u', 'Unsubscribe to confirm')], null],
    ['never anything but a page', [link('mailto:a@example.com', 'Confirm')], null],
    ['none where none asks for it', [link('https://a.example/issue/48', 'Read the issue')], null],
  ] as const)('The main link is chosen %s', (_, links, at) => {
    expect(mainLinkOf(links)).toBe(at === null ? null : links[at])
  })
})
