import type { MessageView } from '../../contract/messages.ts'
import { hasRemoteContent } from '../../html/body.ts'
import { hasDarkStyles } from '../../html/color-scheme.ts'
import { withoutFrames } from '../../html/neutral.ts'
import { remoteContentOf } from '../../html/remote-content.ts'
import { decodedPage, type EncodedPart } from '../../mime/encoded-part.ts'

export type ViewFacts = Omit<MessageView, 'url'>

/** Remote content and dark styles of the HTML of a message, before it is shown. */
export function viewFacts(parts: readonly EncodedPart[]): ViewFacts {
  const html = withoutFrames(decodedPage(parts))
  const { count, hosts } = remoteContentOf(html)
  return {
    remote_content: hasRemoteContent(html),
    remote_count: count,
    remote_hosts: [...hosts],
    dark_styles: hasDarkStyles(html),
  }
}
