import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import type { ColorScheme } from '../../html/color-scheme.ts'

export type Ticket = {
  readonly messageId: string
  readonly remoteContent: boolean
  readonly scheme: ColorScheme
}

const lifetimeMs = 5 * 60_000
/** The options of a ticket that downloads the raw message and shows nothing. */
const rawOptions = 'raw'
const schemeLetters = { light: 'l', dark: 'd', forced: 'f' } as const

/** Signed parts of URLs, each valid for one message and five minutes. */
export function createViewTickets(clock: Clock) {
  const secret = randomBytes(32)

  function sign(text: string): string {
    return createHmac('sha256', secret).update(text).digest('base64url')
  }

  function issue(messageId: string, options: string): string {
    const claim = `${messageId}.${Math.ceil(clock.elapsed() + lifetimeMs).toString(36)}.${options}`
    return `${claim}.${sign(claim)}`
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

  return {
    forView: ({ messageId, remoteContent, scheme }: Ticket): string =>
      issue(messageId, `${remoteContent ? 1 : 0}${schemeLetters[scheme]}`),

    forDownload: (messageId: string): string => issue(messageId, rawOptions),

    openView(ticket: string): Ticket {
      const { messageId, options } = read(ticket)
      if (options === rawOptions) throw noSuchView()
      const scheme = options.endsWith('f') ? 'forced' : options.endsWith('d') ? 'dark' : 'light'
      return { messageId, remoteContent: options.startsWith('1'), scheme }
    },

    /** Returns the id of the message. */
    openDownload(ticket: string): string {
      const { messageId, options } = read(ticket)
      if (options !== rawOptions) throw noSuchView()
      return messageId
    },
  }
}

function noSuchView(): Fault {
  return new Fault('not_found', 'This view has expired. Open the message again.')
}
