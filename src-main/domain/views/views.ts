import type { Clock } from '../../base/clock.ts'
import { randomBase62 } from '../../base/ids.ts'
import type { MessageView, ViewRequest } from '../../contract/messages.ts'
import { hitPattern, textFields } from '../../contract/search-hits.ts'
import { hasRemoteContent } from '../../html/body.ts'
import { firstMark } from '../../html/marks.ts'
import { type EncodedPart, encodedBytes, plainPage } from '../../mime/encoded-part.ts'
import type { Caller } from '../auth/caller.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { Indexing } from '../reading/indexing.ts'
import type { MessageContents, StoredContent } from '../reading/message-contents.ts'
import { viewFacts } from '../reading/view-facts.ts'
import { type PageSource, viewPage } from '../reading/view-page.ts'
import { createViewTickets, type Ticket } from './tickets.ts'

export type Views = ReturnType<typeof createViews>

/** HTML without a message, such as previews, stays in memory up to these bounds. */
const maxHeld = 40
const maxHeldCharacters = 10_000_000
/**
 * Longer HTML is processed on the read thread, so that it does not delay new mail. Shorter HTML costs
 * less than the round trip.
 */
const maxInlineLength = 64 * 1024
const isLong = (html: readonly EncodedPart[]): boolean => encodedBytes(html) > maxInlineLength

type ViewDeps = {
  readonly inbox: Inbox
  readonly contents: MessageContents
  readonly indexing: Indexing
  readonly clock: Clock
}

/**
 * A frame cannot send a key, so the HTML of a message is served at a signed URL, which is valid for
 * one message and five minutes.
 */
export function createViews({ inbox, contents, indexing, clock }: ViewDeps) {
  const tickets = createViewTickets(clock)
  const held = createHeldPages()

  const addressOf = (ticket: Ticket): string => `/view/${tickets.forView(ticket)}`

  async function viewSource(id: string): ReturnType<StoredContent['viewSource']> {
    const html = held.get(id)
    return html === undefined
      ? contents.ofPublicId(id).viewSource()
      : { html: plainPage(html), attachments: [] }
  }

  return {
    /** A URL for the HTML part of a message that the caller may read. */
    async of(
      content: StoredContent,
      messageId: string,
      { remote_content, scheme, highlight }: ViewRequest,
    ): Promise<MessageView> {
      const html = await content.page()
      return {
        url: addressOf({ messageId, remoteContent: remote_content, scheme }) + marksOf(highlight),
        ...(isLong(html) ? await indexing.facts(html) : viewFacts(html)),
      }
    },

    /** A browser sends no key when it saves a dragged message. */
    download(caller: Caller, messageId: string) {
      inbox.requireVisible(caller, messageId)
      return { url: `/view/${tickets.forDownload(messageId)}/raw` }
    },

    async raw(ticket: string): Promise<{ messageId: string; bytes: Buffer }> {
      const messageId = tickets.openDownload(ticket)
      return { messageId, bytes: await contents.ofPublicId(messageId).raw() }
    },

    /** A URL for HTML without a message, such as a preview, with the same rules. */
    show(html: string, remoteContent: boolean) {
      const messageId = held.add(html)
      return {
        url: addressOf({ messageId, remoteContent, scheme: 'light' }),
        remote_content: hasRemoteContent(html),
      }
    },

    async page(ticket: string, highlight = ''): Promise<{ html: Buffer; policy: string }> {
      const { messageId, remoteContent, scheme } = tickets.openView(ticket)
      const source: PageSource = {
        ...(await viewSource(messageId)),
        address: `/view/${ticket}`,
        scheme,
        highlight,
        remoteContent,
      }
      return {
        html: isLong(source.html) ? await indexing.page(source) : viewPage(source),
        policy: contentPolicy(remoteContent),
      }
    },

    async part(ticket: string, index: number) {
      const { messageId } = tickets.openView(ticket)
      return contents.ofPublicId(messageId).attachment(index)
    },
  }
}

/** HTML without a message; the oldest is dropped beyond the limits. */
function createHeldPages() {
  const pages = new Map<string, string>()
  return {
    get: (id: string): string | undefined => pages.get(id),
    add(html: string): string {
      const added = `held_${randomBase62(16)}`
      pages.set(added, html)
      let characters = [...pages.values()].reduce((sum, page) => sum + page.length, 0)
      for (const [oldest, page] of pages) {
        if (pages.size <= maxHeld && characters <= maxHeldCharacters) break
        pages.delete(oldest)
        characters -= page.length
      }
      return added
    },
  }
}

/** The query to highlight is not signed, because it gives access to nothing. */
function marksOf(highlight = ''): string {
  if (!hitPattern(highlight, textFields)) return ''
  return `?${new URLSearchParams({ highlight })}#${firstMark}`
}

/** No scripts, forms or frames, an opaque origin, and remote content only if the user allowed it. */
function contentPolicy(remoteContent: boolean): string {
  const remote = remoteContent ? ' http: https:' : ''
  return [
    "default-src 'none'",
    `img-src 'self' data:${remote}`,
    `media-src 'self' data:${remote}`,
    `font-src data:${remote}`,
    `style-src 'unsafe-inline'${remote}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-popups allow-popups-to-escape-sandbox',
  ].join('; ')
}
