import { hitPattern, textFields } from '../../contract/search-hits.ts'
import { type ColorScheme, inColorScheme } from '../../html/color-scheme.ts'
import { withoutDeadLinks } from '../../html/dead-links.ts'
import { withFront } from '../../html/insert-head.ts'
import { withMarks } from '../../html/marks.ts'
import { neutralised } from '../../html/neutral.ts'
import type { AttachmentEntry } from '../../mime/digest.ts'
import { decodedText, type EncodedPart } from '../../mime/encoded-part.ts'

/** All that a page is made of. It may travel to a thread. */
export type PageSource = {
  readonly html: EncodedPart
  readonly attachments: readonly AttachmentEntry[]
  /** Of the view; the parts lie below it. */
  readonly address: string
  readonly scheme: ColorScheme
  readonly highlight: string
  /** The reader asked for what lies elsewhere. */
  readonly remoteContent: boolean
}

/**
 * The HTML to show: links open outside, inline images come from the message itself, and nothing
 * reaches elsewhere on its own.
 */
export function viewPage(source: PageSource): Buffer {
  const { html, attachments, address, scheme, highlight, remoteContent } = source
  const written = neutralised(decodedText(html), remoteContent)
  const hits = hitPattern(highlight, textFields)
  const marked = hits ? withMarks(written, hits) : written
  const coloured = inColorScheme(withoutTargets(marked), scheme)
  const page = withFront(coloured, '<base target="_blank">')
  return Buffer.from(withoutDeadLinks(withInlineImages(page, attachments, address)))
}

/**
 * A link that names a target of its own would open in the frame, where nothing may be opened. No tag
 * is searched past its next angle bracket: that keeps hostile input from costing more.
 */
function withoutTargets(html: string): string {
  return html.replace(
    /(<(?:a|area|base|form)\b[^<>]*?)\starget\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi,
    '$1',
  )
}

/** RFC 2392: `cid:` names the part with that Content-ID. */
function withInlineImages(
  html: string,
  attachments: readonly AttachmentEntry[],
  base: string,
): string {
  const byContentId = new Map(
    attachments.flatMap(({ contentId, index }) => (contentId ? [[contentId, index] as const] : [])),
  )
  return html.replace(/\bcid:([^"'\s)<>]+)/gi, (whole, written: string) => {
    const index = byContentId.get(written) ?? byContentId.get(decode(written))
    return index === undefined ? whole : `${base}/parts/${index}`
  })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
