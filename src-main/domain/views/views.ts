import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { randomBase62 } from '../../base/ids.ts'
import { Fault } from '../../contract/faults.ts'
import type { MessageView, ViewRequest } from '../../contract/messages.ts'
import { hitPattern, textFields } from '../../contract/search-hits.ts'
import { hasRemoteContent } from '../../html/body.ts'
import type { ColorScheme } from '../../html/color-scheme.ts'
import { firstMark } from '../../html/marks.ts'
import { type EncodedPart, plainPart } from '../../mime/encoded-part.ts'
import type { Caller, LiveCaller } from '../auth/caller.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { Emails } from '../outbox/emails.ts'
import type { Indexing } from '../reading/indexing.ts'
import type { MessageContents, StoredContent } from '../reading/message-contents.ts'
import { viewFacts } from '../reading/view-facts.ts'
import { type PageSource, viewPage } from '../reading/view-page.ts'

export type Views = ReturnType<typeof createViews>

const lifetimeMs = 5 * 60_000
/** Pages that belong to no message are kept in memory: the newest of them. */
const maxHeld = 40
const maxHeldCharacters = 10_000_000
/**
 * More HTML is read and made a page of on the index thread, away from the thread that accepts. Up to
 * here it takes about as long to do as to have done, and would wait there behind a batch of messages.
 */
const maxInlineLength = 64 * 1024
const isLong = ({ bytes }: EncodedPart): boolean => bytes.length > maxInlineLength

type Ticket = {
  readonly messageId: string
  readonly remoteContent: boolean
  readonly scheme: ColorScheme
}

/** Of a ticket that saves the message and shows nothing of it. */
const rawLooks = 'raw'
const schemeLetters = { light: 'l', dark: 'd', forced: 'f' } as const

type ViewDeps = {
  readonly inbox: Inbox
  readonly emails: Emails
  readonly contents: MessageContents
  readonly indexing: Indexing
  readonly clock: Clock
}

/**
 * A frame cannot send a key, so a message's HTML is shown at an address that is itself the
 * permission: signed, good for five minutes and for one message.
 */
export function createViews({ inbox, emails, contents, indexing, clock }: ViewDeps) {
  const secret = randomBytes(32)
  const held = new Map<string, string>()

  function sign(text: string): string {
    return createHmac('sha256', secret).update(text).digest('base64url')
  }

  /** What the ticket says, if it is ours and still good. */
  function read(ticket: string) {
    const [messageId = '', expires = '', looks = '', signature = ''] = ticket.split('.')
    const expected = Buffer.from(sign(`${messageId}.${expires}.${looks}`))
    const given = Buffer.from(signature)
    const isOurs = given.length === expected.length && timingSafeEqual(given, expected)
    if (!isOurs || Number.parseInt(expires, 36) < clock.elapsed()) {
      throw noSuchView()
    }
    return { messageId, looks }
  }

  function open(ticket: string): Ticket {
    const { messageId, looks } = read(ticket)
    if (looks === rawLooks) throw noSuchView()
    const scheme = looks.endsWith('f') ? 'forced' : looks.endsWith('d') ? 'dark' : 'light'
    return { messageId, remoteContent: looks.startsWith('1'), scheme }
  }

  function addressOf({ messageId, remoteContent, scheme }: Ticket): string {
    return `/view/${ticketFor(messageId, `${remoteContent ? 1 : 0}${schemeLetters[scheme]}`)}`
  }

  function ticketFor(messageId: string, looks: string): string {
    const claim = `${messageId}.${Math.ceil(clock.elapsed() + lifetimeMs).toString(36)}.${looks}`
    return `${claim}.${sign(claim)}`
  }

  async function shown(id: string): ReturnType<StoredContent['viewSource']> {
    const html = held.get(id)
    return html === undefined
      ? contents.ofPublicId(id).viewSource()
      : { html: plainPart(html), attachments: [] }
  }

  async function viewOf(
    html: EncodedPart,
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
      viewOf(await inbox.htmlPart(caller, messageId), messageId, choices),

    ofSent: async (caller: LiveCaller, messageId: string, choices: ViewRequest) =>
      viewOf(await emails.htmlPart(caller, messageId), messageId, choices),

    /** A browser that saves what was dragged out of it sends no key either. */
    download(caller: Caller, messageId: string) {
      inbox.requireVisible(caller, messageId)
      return { url: `/view/${ticketFor(messageId, rawLooks)}/raw` }
    },

    async raw(ticket: string): Promise<{ messageId: string; bytes: Buffer }> {
      const { messageId, looks } = read(ticket)
      if (looks !== rawLooks) throw noSuchView()
      return { messageId, bytes: await contents.ofPublicId(messageId).raw() }
    },

    /** Shows HTML that is no message's, such as a preview, in the same frame with the same rules. */
    hold(html: string, remoteContent: boolean) {
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
        ...(await shown(messageId)),
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

/** Which words are marked is no secret and gives nothing away: that part of the address is not signed. */
function marksOf(highlight = ''): string {
  if (!hitPattern(highlight, textFields)) return ''
  return `?${new URLSearchParams({ highlight })}#${firstMark}`
}

/**
 * Whatever the message says: no scripts, no forms, no frames, an origin of its own, and nothing
 * from elsewhere unless the reader asked for it.
 */
function contentPolicy(remoteContent: boolean): string {
  const elsewhere = remoteContent ? ' http: https:' : ''
  return [
    "default-src 'none'",
    `img-src 'self' data:${elsewhere}`,
    `media-src 'self' data:${elsewhere}`,
    `font-src data:${elsewhere}`,
    `style-src 'unsafe-inline'${elsewhere}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-popups allow-popups-to-escape-sandbox',
  ].join('; ')
}
