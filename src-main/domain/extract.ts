import type { Extract } from '../contract/wait.ts'
import type { Caller } from './caller.ts'
import type { Inbox } from './inbox.ts'
import type { Indexing } from './indexing.ts'

export type Extracts = ReturnType<typeof createExtracts>

type ExtractDeps = { readonly inbox: Inbox; readonly indexing: Indexing }

/** What a test wants of a mail: where its links go, and the code to type. */
export function createExtracts({ inbox, indexing }: ExtractDeps) {
  return {
    async of(caller: Caller, publicId: string): Promise<Extract> {
      const { subject, has_html: hasHtml, has_text: hasText } = await inbox.get(caller, publicId)
      const html = hasHtml ? await inbox.html(caller, publicId) : ''
      const text = hasText ? await inbox.text(caller, publicId) : ''
      return indexing.extract({ subject, text, html })
    },
  }
}
