import { iso } from '../../base/clock.ts'
import type { ReleaseRequest } from '../../contract/release.ts'
import type { LiveCaller } from '../auth/caller.ts'
import type { Messages } from '../messages/accept.ts'
import { manyMailboxes, oneMailbox } from '../messages/addresses.ts'
import type { Relays } from '../relays/relays.ts'
import type { Inbox } from './inbox.ts'

export type Releases = ReturnType<typeof createReleases>

type ReleaseDeps = {
  readonly inbox: Inbox
  readonly messages: Messages
  readonly relays: Relays
}

/**
 * Sends the exact bytes of a captured message as a new live message. Another sender or other
 * recipients change the envelope only, never the From, To and Cc headers.
 */
export function createReleases({ inbox, messages, relays }: ReleaseDeps) {
  return {
    async release(
      caller: LiveCaller,
      publicId: string,
      { to, from, relay_id }: ReleaseRequest,
      requestId?: string,
    ) {
      const { mail_from: mailFrom, rcpt_to: rcptTo } = inbox.envelope(caller, publicId)
      const envelope = {
        mailFrom:
          from === undefined ? mailFrom : oneMailbox('from', from, 'invalid_sender').address,
        rcptTo: to === undefined ? rcptTo : addressesOf(to),
      }
      const relayId = relay_id === undefined ? undefined : relays.chosen(caller, relay_id).id
      const raw = await inbox.contentOf(caller, publicId).raw()
      const { publicId: id, createdAt } = await messages.accept({
        caller,
        envelope,
        raw,
        protocol: 'http',
        relayId,
        requestId,
        onInsert: (transaction, message) =>
          transaction.append({
            type: 'released',
            keyId: caller.keyId,
            tenantId: caller.tenantId,
            messageId: message.id,
            data: { captured: publicId, by: caller.publicId, recipients: envelope.rcptTo.length },
          }),
      })
      return { id, status: 'queued' as const, created_at: iso(createdAt) }
    },
  }
}

function addressesOf(to: readonly string[]): string[] {
  return [...new Set(manyMailboxes('to', to).map(({ address }) => address))]
}
