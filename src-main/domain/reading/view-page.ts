import { hitPattern, textFields } from '../../contract/search-hits.ts'
import { type ColorScheme, inColorScheme } from '../../html/color-scheme.ts'
import { decodedContentId } from '../../html/content-id.ts'
import { withoutDeadLinks } from '../../html/dead-links.ts'
import { insertHead } from '../../html/insert-head.ts'
import { withMarks } from '../../html/marks.ts'
import { neutralised } from '../../html/neutral.ts'
import type { AttachmentEntry } from '../../mime/digest.ts'
import { decodedPage, type EncodedPart } from '../../mime/encoded-part.ts'

/** Everything that a page needs; it can be sent to a thread. */
export type PageSource = {
  readonly html: readonly EncodedPart[]
  readonly attachments: readonly AttachmentEntry[]
  /** URL path of the view; the parts are below it. */
  readonly address: string
  readonly scheme: ColorScheme
  readonly highlight: string
  /** The user allowed remote content. */
  readonly remoteContent: boolean
}

/** No mail that a person reads is longer, and a browser would be slow to show it. */
const maxPageLength = 5_000_000
const cutNote =
  '<p style="all:initial;display:block;padding:8px;font:14px sans-serif;background:#ffe27a;color:#2b2100">This HTML is longer than 5,000,000 characters, and its end is not shown. Download the message to read all of it.</p>'

/**
 * The HTML to show: links open in a new window, inline images come from the message, and remote
 * content loads only if the user allowed it.
 */
export function viewPage(source: PageSource): Buffer {
  const { html, attachments, address, scheme, highlight, remoteContent } = source
  const whole = decodedPage(html)
  const written = neutralised(whole.slice(0, maxPageLength), remoteContent)
  const hits = hitPattern(highlight, textFields)
  const marked = hits ? withMarks(written, hits) : written
  const coloured = inColorScheme(withoutTargets(marked), scheme)
  const note = whole.length > maxPageLength ? cutNote : ''
  const page = insertHead(coloured, `<base target="_blank">${note}`)
  return Buffer.from(withoutDeadLinks(withInlineImages(page, attachments, address)))
}

/**
 * A link with its own target would open in the sandboxed frame, which blocks it. The search of a tag
 * ends at the next angle bracket, which keeps it linear.
 */
function withoutTargets(html: string): string {
  return html.replace(
    /(<(?:a|area|base|form)\b[^<>]*?)\starget\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi,
    '$1',
  )
}

/** To decode an address takes longer than to find it; a message has far fewer parts. */
const maxEscaped = 10_000

/** RFC 2392: `cid:` names the part with that Content-ID. */
function withInlineImages(
  html: string,
  attachments: readonly AttachmentEntry[],
  base: string,
): string {
  const byContentId = new Map(
    attachments.flatMap(({ contentId, index }) => (contentId ? [[contentId, index] as const] : [])),
  )
  if (byContentId.size === 0) return html
  let decoded = 0
  return html.replace(/\bcid:([^"'\s)<>]+)/gi, (whole, written: string) => {
    const isEscaped = written.includes('%') && decoded++ < maxEscaped
    const index = byContentId.get(isEscaped ? decodedContentId(written) : written)
    return index === undefined ? whole : `${base}/parts/${index}`
  })
}
