import type { ByteHold } from '../base/byte-budget.ts'
import type { Clock } from '../base/clock.ts'
import { requestId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { isAddress, isCapturedRecipient, isCapturedSender } from '../contract/addresses.ts'
import { Fault } from '../contract/faults.ts'
import { type Caller, requirePermission } from '../domain/auth/caller.ts'
import { isWrongKey } from '../domain/auth/wrong-keys.ts'
import type { Domain } from '../domain/domain.ts'
import { checkSize, tooManyBytes } from '../domain/messages/accept.ts'
import { maxRecipients } from '../domain/messages/addresses.ts'
import type { Message } from '../domain/messages/submission.ts'
import type { Envelope } from '../mime/envelope.ts'
import { type Credentials, callerOf, inboxOf, type Login, openLogin } from './login.ts'
import type { MessageData } from './message-data.ts'
import type { Reply } from './replies.ts'
import { type Client, openTranscript } from './transcript.ts'

export type Session = ReturnType<typeof openSession>

type SessionDeps = { readonly domain: Domain; readonly clock: Clock; readonly log: Log }

/** Of one connection, which is then closed. */
const maxWrongKeys = 5

/**
 * The rights of one client. Each check returns null or the fault, which is recorded already.
 */
export function openSession({ domain, clock, log }: SessionDeps, client: Client) {
  const id = requestId(clock.now())
  const transcript = openTranscript(domain.requests, client, id)
  let login: Login | null = null
  let wrongKeys = 0

  const caller = (): Caller => callerOf(domain, login, client.address)

  /** The caller of a recorded refusal; null: the client has no valid key. */
  function knownCaller(): Caller | null {
    try {
      return caller()
    } catch {
      return null
    }
  }

  function record(fault: Fault, code: number, by: Caller | null, startedAt: number): void {
    if (fault.code === 'internal')
      log.error('An SMTP session failed', fault.details.cause, { session: id })
    transcript.refused(fault)
    domain.requests.record({
      caller: by,
      route: 'SMTP',
      status: code,
      fault: fault.code,
      durationMs: performance.now() - startedAt,
      address: client.address,
      userAgent: client.name || null,
      requestId: id,
    })
  }

  function refuse(cause: unknown, by: Caller | null, startedAt: number): Fault {
    const error = domain.storage.explain(cause) ?? cause
    const fault =
      error instanceof Fault
        ? error
        : new Fault('internal', 'The server failed. Try again.', { cause: error })
    record(fault, fault.smtpReply.code, by, startedAt)
    return fault
  }

  function authenticate(credentials: Credentials): Login {
    try {
      return openLogin(domain, credentials, client.address)
    } catch (error) {
      throw error instanceof Fault && isWrongKey(error) ? countWrongKey(error) : error
    }
  }

  function countWrongKey(fault: Fault): Fault {
    wrongKeys += 1
    const tooMany = domain.wrongKeys.count(client.address)
    if (tooMany || wrongKeys < maxWrongKeys) return tooMany ?? fault
    return new Fault(
      'too_many_wrong_keys',
      `This was the ${maxWrongKeys}th wrong key on this connection. Connect again with a valid one.`,
    )
  }

  function attempt(step: () => void, by: () => Caller | null): Fault | null {
    const startedAt = performance.now()
    try {
      step()
      return null
    } catch (error) {
      return refuse(error, by(), startedAt)
    }
  }

  return {
    transcript,

    get isSignedIn(): boolean {
      return login !== null
    },

    get hasKey(): boolean {
      return login?.type === 'key'
    },

    /** The inbox of captured mail. */
    get inbox(): string {
      return inboxOf(caller(), login, domain.requests.maskSecrets)
    },

    /** AUTH (RFC 4954): the password is the key. */
    signIn: (credentials: Credentials): Fault | null =>
      attempt(
        () => {
          login = authenticate(credentials)
          if (login.type === 'key') transcript.signedIn(caller())
        },
        () => null,
      ),

    /** Under TLS, everything before STARTTLS is discarded (RFC 3207 §4.2). */
    signOut(): void {
      login = null
    },

    /** MAIL FROM; a bounce has the empty address, and 0 bytes mean that no size is declared. */
    checkSender: (address: string, sizeBytes: number): Fault | null =>
      attempt(() => {
        checkSize(sizeBytes)
        const sender = caller()
        const unable = domain.storage.refusal(sizeBytes)
        if (unable) throw unable
        const isValid = sender.mode === 'test' ? isCapturedSender(address) : isAddress(address)
        if (address !== '' && !isValid)
          throw new Fault('invalid_sender', `The sender ${address} is not a valid address.`)
        requirePermission(sender, 'send')
        domain.messages.checkPause(sender)
        const { refusal } = domain.limits.admit(sender)
        if (refusal) throw refusal
      }, knownCaller),

    /** Resolves when a client that sent too many wrong keys may have its reply. */
    delayWrongKey: async (): Promise<void> =>
      void (await domain.wrongKeys.delayRefusal(client.address)),

    /** RCPT TO; `accepted` is the number of other recipients. */
    checkRecipient: (address: string, accepted: number): Fault | null =>
      attempt(() => {
        if (accepted >= maxRecipients) {
          throw new Fault(
            'too_many_recipients',
            `A message may have ${maxRecipients} recipients. Send the rest in another.`,
          )
        }
        if (isAddress(address)) return
        if (isCapturedRecipient(address) && caller().mode === 'test') return
        throw new Fault('invalid_recipient', `The recipient ${address} is not a valid address.`)
      }, knownCaller),

    /** Resolves with the message when it is on disk. */
    async saveMessage(envelope: Envelope, data: MessageData): Promise<Message | Fault> {
      const { raw, sizeBytes } = data
      const startedAt = performance.now()
      try {
        const sender = caller()
        if (data.isOutOfMemory) throw tooManyBytes()
        if (raw === null) checkSize(sizeBytes)
        const message = await domain.messages.accept({
          caller: sender,
          envelope,
          raw: raw ?? Buffer.alloc(0),
          protocol: 'smtp',
          inbox: inboxOf(sender, login, domain.requests.maskSecrets),
        })
        domain.requests.onKeyUsed()
        return message
      } catch (error) {
        return refuse(error, knownCaller(), startedAt)
      }
    },

    hasRoom: (sizeBytes: number): boolean => domain.bytesUnderWay.hasRoom(sizeBytes),

    /** Resolves with a fault if no memory becomes free for a message of this size. */
    async awaitRoom(sizeBytes: number): Promise<Fault | null> {
      const startedAt = performance.now()
      const hasRoom = await domain.bytesUnderWay.waitForRoom(sizeBytes)
      return hasRoom ? null : refuse(tooManyBytes(), knownCaller(), startedAt)
    },

    openHold: (makeRoom: () => void): ByteHold => domain.bytesUnderWay.open(makeRoom),

    /** An error of the server, recorded as a fault. */
    failed: (error: unknown): Fault => refuse(error, knownCaller(), performance.now()),

    /** Records a command that the protocol does not allow. */
    rejected({ code, text }: Reply): void {
      record(new Fault('invalid_request', text), code, knownCaller(), performance.now())
    },
  }
}
