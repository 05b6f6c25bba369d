import { Fault } from '../../contract/faults.ts'
import type { Extract } from '../../contract/wait.ts'
import type { Caller } from '../auth/caller.ts'
import type { Indexing } from '../reading/indexing.ts'
import { problemOfFault } from '../reading/problems.ts'
import type { Inbox } from './inbox.ts'

export type Extracts = ReturnType<typeof createExtracts>

type ExtractDeps = { readonly inbox: Inbox; readonly indexing: Indexing }

/** The links and one-time codes of a captured message, for automated tests. */
export function createExtracts({ inbox, indexing }: ExtractDeps) {
  async function of(caller: Caller, publicId: string): Promise<Extract> {
    const message = await inbox.get(caller, publicId)
    if (message.problem !== null) throw new Fault('message_unreadable', message.problem)
    const { subject, has_html: hasHtml, has_text: hasText } = message
    const content = inbox.contentOf(caller, publicId)
    const html = hasHtml ? await content.html() : ''
    const text = hasText ? await content.text() : ''
    return indexing.extract({ subject, text, html })
  }

  return {
    of,

    /** Empty for a message that could not be parsed. */
    async ofOrEmpty(caller: Caller, publicId: string): Promise<Extract> {
      try {
        return await of(caller, publicId)
      } catch (error) {
        if (problemOfFault(error) === null) throw error
        return { links: [], codes: [] }
      }
    },
  }
}
