import type { Extract } from '../../contract/wait.ts'
import { htmlToText } from '../../html/html-to-text.ts'
import { codesOf } from './extract-codes.ts'
import { linksOf } from './extract-links.ts'

/** The readable content of a message; a missing part is empty. */
export type Readable = { readonly subject: string; readonly text: string; readonly html: string }

export const extractOf = ({ subject, text, html }: Readable): Extract => ({
  links: linksOf(html, text),
  codes: codes(subject, text, html),
})

/** The text part first, then the HTML part: some senders put the code only there. */
function codes(subject: string, text: string, html: string): string[] {
  const fromText = codesOf(subject, text)
  return fromText.length > 0 || html === '' ? fromText : codesOf(subject, htmlToText(html))
}
