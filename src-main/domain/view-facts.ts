import { decodedText, type EncodedPart } from '../base/encoded-part.ts'
import { hasDarkStyles } from '../base/html-color-scheme.ts'
import { withoutFrames } from '../base/html-neutral.ts'
import { remoteContentOf } from '../base/html-remote.ts'
import { hasRemoteContent } from '../base/mime-html.ts'
import type { MessageView } from '../contract/messages.ts'

export type ViewFacts = Omit<MessageView, 'url'>

/** What a reader is told of the HTML before it is shown. */
export function viewFacts(part: EncodedPart): ViewFacts {
  const html = withoutFrames(decodedText(part))
  const { count, hosts } = remoteContentOf(html)
  return {
    remote_content: hasRemoteContent(html),
    remote_count: count,
    remote_hosts: [...hosts],
    dark_styles: hasDarkStyles(html),
  }
}
