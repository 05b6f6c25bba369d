import { linkKind, schemeOf } from '../../contract/link-schemes.ts'
import type { Link } from '../../contract/wait.ts'
import { linksOfHtml } from '../../html/cid-links.ts'

const maxTextLength = 1_000_000
/** Enough for any mail that a person reads, and a bound for those that nobody does. */
const maxLinks = 500

const urlInText = /\bhttps?:\/\/[^\s<>"'`\p{Cc}\u3000-\u303f\uff00-\uffef]{1,4000}/giu

/** Links of the HTML, then addresses that only the text has; each address once. */
export function linksOf(html: string, text: string): Link[] {
  const texts = new Map<string, string | null>()
  for (const link of linksOfHtml(html)) {
    if (!leadsToPage(link.url)) continue
    // A picture and the words below it often lead to the same place.
    texts.set(link.url, texts.get(link.url) || link.text)
  }
  for (const [found] of text.slice(0, maxTextLength).matchAll(urlInText)) {
    const url = withoutEnd(found)
    if (!texts.has(url)) texts.set(url, null)
  }
  return [...texts].slice(0, maxLinks).map(([url, shown]) => ({ url, text: shown || null }))
}

/** Of the web or of an app; an address to write to is none. */
function leadsToPage(address: string): boolean {
  const kind = linkKind(address)
  return kind === 'app' || (kind === 'live' && (schemeOf(address) ?? '').startsWith('http'))
}

/** The full stop, comma or bracket after an address belongs to the sentence around it. */
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
