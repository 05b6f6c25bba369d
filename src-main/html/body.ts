import { decodedContentId } from './content-id.ts'

/** More than a message may have parts. */
const maxContentIds = 10_000

// References that a browser fetches when the mail is opened. To stay linear, one class matches blanks
// and quotes, and no tag is searched past its next angle bracket.
const remoteReferences = [
  /\b(?:src|srcset|poster|background|data)\s*=[\s"']*(?:https?:)?\/\//i,
  /<(?:link|base|image|use)\b[^<>]*\bhref\s*=[\s"']*(?:https?:)?\/\//i,
  /\burl\([\s"']*(?:https?:)?\/\//i,
  /@import[\s"']+(?:https?:)?\/\//i,
  /\bsrcset\s*=\s*["'][^"'<>]*\shttps?:\/\//i,
]

export function hasRemoteContent(html: string): boolean {
  return remoteReferences.some((reference) => reference.test(html))
}

/** The Content-IDs that the HTML shows inline. */
export function referencedContentIds(html: string): Set<string> {
  const found = new Set<string>()
  for (const [, id = ''] of html.matchAll(/\bcid:([^\s"'<>)\\]+)/gi)) {
    if (found.size >= maxContentIds) break
    found.add(decodedContentId(id.replaceAll('&amp;', '&')))
  }
  return found
}
