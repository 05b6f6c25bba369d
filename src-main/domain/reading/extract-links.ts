import { linkKind, schemeOf } from '../../contract/link-schemes.ts'
import type { Link } from '../../contract/wait.ts'
import { linksOfHtml } from '../../html/cid-links.ts'

const maxTextLength = 1_000_000
/** Upper bound against hostile input. */
const maxLinks = 500

const urlInText = /\bhttps?:\/\/[^\s<>"'`\p{Cc}\u3000-\u303f\uff00-\uffef]{1,4000}/giu

/** Links of the HTML, then URLs that only the text contains; each URL once. */
export function linksOf(html: string, text: string): Link[] {
  const texts = new Map<string, string | null>()
  for (const link of linksOfHtml(html)) {
    if (!leadsToPage(link.url)) continue
    // An image and its caption often share a URL; only the caption has text.
    texts.set(link.url, texts.get(link.url) || link.text)
  }
  for (const [found] of text.slice(0, maxTextLength).matchAll(urlInText)) {
    const url = withoutEnd(found)
    if (!texts.has(url)) texts.set(url, null)
  }
  return [...texts].slice(0, maxLinks).map(([url, shown]) => ({ url, text: shown || null }))
}

/** True for web and app links, false for `mailto:`. */
function leadsToPage(address: string): boolean {
  const kind = linkKind(address)
  return kind === 'app' || (kind === 'live' && (schemeOf(address) ?? '').startsWith('http'))
}

/** Punctuation and unopened brackets after a URL belong to the sentence around it. */
function withoutEnd(url: string): string {
  let end = url.length
  for (let trimmed = 0; trimmed < 20; trimmed++) {
    const last = url.charAt(end - 1)
    const isLoose = '.,;:!?*_~|'.includes(last)
    const closes = { ')': '(', ']': '[', '}': '{' }[last]
    const isUnopened = closes !== undefined && count(url, closes, end) < count(url, last, end)
    if (!isLoose && !isUnopened) return url.slice(0, end)
    end -= 1
  }
  return url.slice(0, end)
}

function count(text: string, letter: string, end: number): number {
  let total = 0
  for (let index = 0; index < end; index++) if (text.charAt(index) === letter) total += 1
  return total
}
