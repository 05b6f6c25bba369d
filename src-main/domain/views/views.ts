import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { randomBase62 } from '../../base/ids.ts'
import { Fault } from '../../contract/faults.ts'
import type { MessageView, ViewRequest } from '../../contract/messages.ts'
import { hitPattern, textFields } from '../../contract/search-hits.ts'
import { hasRemoteContent } from '../../html/body.ts'
import type { ColorScheme } from '../../html/color-scheme.ts'
import { firstMark } from '../../html/marks.ts'
import { type EncodedPart, encodedBytes, plainPage } from '../../mime/encoded-part.ts'
import type { Caller, LiveCaller } from '../auth/caller.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { Emails } from '../outbox/emails.ts'
import type { Indexing } from '../reading/indexing.ts'
import type { MessageContents, StoredContent } from '../reading/message-contents.ts'
import { viewFacts } from '../reading/view-facts.ts'
import { type PageSource, viewPage } from '../reading/view-page.ts'

export type Views = ReturnType<typeof createViews>

const lifetimeMs = 5 * 60_000
/** HTML without a message, such as previews, stays in memory up to these bounds. */
const maxHeld = 40
const maxHeldCharacters = 10_000_000
/**
 * Longer HTML is processed on the read thread, so that it does not delay new mail. Shorter HTML costs
 * less than the round trip.
 */
const maxInlineLength = 64 * 1024
const isLong = (html: readonly EncodedPart[]): boolean => encodedBytes(html) > maxInlineLength

type Ticket = {
  readonly messageId: string
  readonly remoteContent: boolean
  readonly scheme: ColorScheme
}

/** The options of a ticket that downloads the raw message and shows nothing. */
const rawOptions = 'raw'
const schemeLetters = { light: 'l', dark: 'd', forced: 'f' } as const

type ViewDeps = {
  readonly inbox: Inbox
  readonly emails: Emails
  readonly contents: MessageContents
  readonly indexing: Indexing
  readonly clock: Clock
}

/**
 * A frame cannot send a key, so the HTML of a message is served at a signed URL, which is valid for
 * one message and five minutes.
 */
export function createViews({ inbox, emails, contents, indexing, clock }: ViewDeps) {
  const secret = randomBytes(32)
  const held = new Map<string, string>()

  function sign(text: string): string {
    return createHmac('sha256', secret).update(text).digest('base64url')
  }

  /** Refuses a forged or expired ticket. */
  function read(ticket: string) {
    const [messageId = '', expires = '', options = '', signature = ''] = ticket.split('.')
    const expected = Buffer.from(sign(`${messageId}.${expires}.${options}`))
    const given = Buffer.from(signature)
    const isGenuine = given.length === expected.length && timingSafeEqual(given, expected)
    if (!isGenuine || Number.parseInt(expires, 36) < clock.elapsed()) {
      throw noSuchView()
    }
    return { messageId, options }
  }

  function open(ticket: string): Ticket {
    const { messageId, options } = read(ticket)
    if (options === rawOptions) throw noSuchView()
    const scheme = options.endsWith('f') ? 'forced' : options.endsWith('d') ? 'dark' : 'light'
    return { messageId, remoteContent: options.startsWith('1'), scheme }
  }

  function addressOf({ messageId, remoteContent, scheme }: Ticket): string {
    return `/view/${ticketFor(messageId, `${remoteContent ? 1 : 0}${schemeLetters[scheme]}`)}`
  }

  function ticketFor(messageId: string, options: string): string {
    const claim = `${messageId}.${Math.ceil(clock.elapsed() + lifetimeMs).toString(36)}.${options}`
    return `${claim}.${sign(claim)}`
  }

  async function viewSource(id: string): ReturnType<StoredContent['viewSource']> {
    const html = held.get(id)
    return html === undefined
      ? contents.ofPublicId(id).viewSource()
      : { html: plainPage(html), attachments: [] }
  }

  async function viewOf(
    html: readonly EncodedPart[],
    messageId: string,
    { remote_content, scheme, highlight }: ViewRequest,
  ): Promise<MessageView> {
    return {
      url: addressOf({ messageId, remoteContent: remote_content, scheme }) + marksOf(highlight),
      ...(isLong(html) ? await indexing.facts(html) : viewFacts(html)),
    }
  }

  return {
    ofCaptured: async (caller: Caller, messageId: string, choices: ViewRequest) =>
      viewOf(await inbox.page(caller, messageId), messageId, choices),

    ofSent: async (caller: LiveCaller, messageId: string, choices: ViewRequest) =>
      viewOf(await emails.page(caller, messageId), messageId, choices),

    /** A browser sends no key when it saves a dragged message. */
    download(caller: Caller, messageId: string) {
      inbox.requireVisible(caller, messageId)
      return { url: `/view/${ticketFor(messageId, rawOptions)}/raw` }
    },

    async raw(ticket: string): Promise<{ messageId: string; bytes: Buffer }> {
      const { messageId, options } = read(ticket)
      if (options !== rawOptions) throw noSuchView()
      return { messageId, bytes: await contents.ofPublicId(messageId).raw() }
    },

    /** A URL for HTML without a message, such as a preview, with the same rules. */
    show(html: string, remoteContent: boolean) {
      const messageId = `held_${randomBase62(16)}`
      held.set(messageId, html)
      let characters = [...held.values()].reduce((sum, page) => sum + page.length, 0)
      for (const [oldest, page] of held) {
        if (held.size <= maxHeld && characters <= maxHeldCharacters) break
        held.delete(oldest)
        characters -= page.length
      }
      return {
        url: addressOf({ messageId, remoteContent, scheme: 'light' }),
        remote_content: hasRemoteContent(html),
      }
    },

    async page(ticket: string, highlight = ''): Promise<{ html: Buffer; policy: string }> {
      const { messageId, remoteContent, scheme } = open(ticket)
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
      const { messageId } = open(ticket)
      return contents.ofPublicId(messageId).attachment(index)
    },
  }
}

function noSuchView(): Fault {
  return new Fault('not_found', 'This view has expired. Open the message again.')
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
