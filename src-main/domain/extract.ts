import { htmlToText } from '../base/mime-html.ts'
import type { Extract } from '../contract/wait.ts'
import type { Caller } from './caller.ts'
import { codesOf } from './extract-codes.ts'
import { linksOf } from './extract-links.ts'
import type { Inbox } from './inbox.ts'

export type Extracts = ReturnType<typeof createExtracts>

/** What a test wants of a mail: where its links go, and the code to type. */
export function createExtracts({ inbox }: { readonly inbox: Inbox }) {
  return {
    async of(caller: Caller, publicId: string): Promise<Extract> {
      const { subject, has_html: hasHtml, has_text: hasText } = await inbox.get(caller, publicId)
      const html = hasHtml ? await inbox.html(caller, publicId) : ''
      const text = hasText ? await inbox.text(caller, publicId) : ''
      return { links: linksOf(html, text), codes: codes(subject, text, html) }
    },
  }
}

/** The text part first; some senders leave the code out of it, or have none. */
function codes(subject: string, text: string, html: string): string[] {
  const fromText = codesOf(subject, text)
  return fromText.length > 0 || html === '' ? fromText : codesOf(subject, htmlToText(html))
}
