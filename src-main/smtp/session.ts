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
import { type Client, openTranscript, type Transcript } from './transcript.ts'

export type Session = ReturnType<typeof openSession>

type SessionDeps = { readonly domain: Domain; readonly clock: Clock; readonly log: Log }

/** Of one connection, which is then closed. */
const maxWrongKeys = 5

type SessionState = {
  login: Login | null
  wrongKeys: number
}

type SessionContext = SessionDeps & {
  readonly id: string
  readonly client: Client
  readonly transcript: Transcript
  readonly state: SessionState
}

/**
 * The rights of one client. Each check returns null or the fault, which is recorded already.
 */
export function openSession(deps: SessionDeps, client: Client) {
  const { domain, clock } = deps
  const id = requestId(clock.now())
  const transcript = openTranscript(domain.requests, client, id)
  const state: SessionState = { login: null, wrongKeys: 0 }
  const context: SessionContext = { ...deps, id, client, transcript, state }

  return {
    transcript,

    get isSignedIn(): boolean {
      return state.login !== null
    },

    get hasKey(): boolean {
      return state.login?.type === 'key'
    },

    /** The inbox of captured mail. */
    get inbox(): string {
      return inboxFor(context, currentCaller(context))
    },

    /** AUTH (RFC 4954): the password is the key. */
    signIn: (credentials: Credentials): Fault | null =>
      attempt(context, () => signIn(context, credentials), noCaller),

    /** Under TLS, everything before STARTTLS is discarded (RFC 3207 §4.2). */
    signOut(): void {
      state.login = null
    },

    /** MAIL FROM; a bounce has the empty address, and 0 bytes mean that no size is declared. */
    checkSender: (address: string, sizeBytes: number): Fault | null =>
      attempt(context, () => requireSender(context, address, sizeBytes), knownCaller),

    /** Resolves when a client that sent too many wrong keys may have its reply. */
    delayWrongKey: async (): Promise<void> =>
      void (await domain.wrongKeys.delayRefusal(client.address)),

    /** RCPT TO; `accepted` is the number of other recipients. */
    checkRecipient: (address: string, accepted: number): Fault | null =>
      attempt(context, () => requireRecipient(context, address, accepted), knownCaller),

    /** Resolves with the message when it is on disk. */
    saveMessage: (envelope: Envelope, data: MessageData): Promise<Message | Fault> =>
      saveMessage(context, envelope, data),

    hasRoom: (sizeBytes: number): boolean => domain.bytesUnderWay.hasRoom(sizeBytes),

    /** Resolves with a fault if no memory becomes free for a message of this size. */
    async awaitRoom(sizeBytes: number): Promise<Fault | null> {
      const startedAt = performance.now()
      const hasRoom = await domain.bytesUnderWay.waitForRoom(sizeBytes)
      return hasRoom ? null : refuse(context, tooManyBytes(), knownCaller(context), startedAt)
    },

    openHold: (makeRoom: () => void): ByteHold => domain.bytesUnderWay.open(makeRoom),

    /** An error of the server, recorded as a fault. */
    failed: (error: unknown): Fault =>
      refuse(context, error, knownCaller(context), performance.now()),

    /** Records a command that the protocol does not allow. */
    rejected({ code, text }: Reply): void {
      const fault = new Fault('invalid_request', text)
      record(context, fault, code, knownCaller(context), performance.now())
    },
  }
}

const currentCaller = ({ domain, client, state }: SessionContext): Caller =>
  callerOf(domain, state.login, client.address)

const inboxFor = ({ domain, state }: SessionContext, caller: Caller): string =>
  inboxOf(caller, state.login, domain.requests.maskSecrets)

/** The caller of a recorded refusal; null: the client has no valid key. */
function knownCaller(context: SessionContext): Caller | null {
  try {
    return currentCaller(context)
  } catch {
    return null
  }
}

/** A refused key belongs to nobody. */
const noCaller = (): null => null

function attempt(
  context: SessionContext,
  step: () => void,
  by: (context: SessionContext) => Caller | null,
): Fault | null {
  const startedAt = performance.now()
  try {
    step()
    return null
  } catch (error) {
    return refuse(context, error, by(context), startedAt)
  }
}

function signIn(context: SessionContext, credentials: Credentials): void {
  const { transcript, state } = context
  state.login = authenticate(context, credentials)
  if (state.login.type === 'key') transcript.signedIn(currentCaller(context))
}

function authenticate(context: SessionContext, credentials: Credentials): Login {
  try {
    return openLogin(context.domain, credentials, context.client.address)
  } catch (error) {
    throw error instanceof Fault && isWrongKey(error) ? countWrongKey(context, error) : error
  }
}

function countWrongKey({ domain, client, state }: SessionContext, fault: Fault): Fault {
  state.wrongKeys += 1
  const tooMany = domain.wrongKeys.count(client.address)
  if (tooMany || state.wrongKeys < maxWrongKeys) return tooMany ?? fault
  return new Fault(
    'too_many_wrong_keys',
    `This was the ${maxWrongKeys}th wrong key on this connection. Connect again with a valid one.`,
  )
}

function requireSender(context: SessionContext, address: string, sizeBytes: number): void {
  const { domain } = context
  checkSize(sizeBytes)
  const sender = currentCaller(context)
  const unable = domain.storage.refusal(sizeBytes)
  if (unable) throw unable
  const isValid = sender.mode === 'test' ? isCapturedSender(address) : isAddress(address)
  if (address !== '' && !isValid)
    throw new Fault('invalid_sender', `The sender ${address} is not a valid address.`)
  requirePermission(sender, 'send')
  domain.messages.checkPause(sender)
  const { refusal } = domain.limits.admit(sender)
  if (refusal) throw refusal
}

function requireRecipient(context: SessionContext, address: string, accepted: number): void {
  if (accepted >= maxRecipients) {
    throw new Fault(
      'too_many_recipients',
      `A message may have ${maxRecipients} recipients. Send the rest in another.`,
    )
  }
  if (isAddress(address)) return
  if (isCapturedRecipient(address) && currentCaller(context).mode === 'test') return
  throw new Fault('invalid_recipient', `The recipient ${address} is not a valid address.`)
}

async function saveMessage(
  context: SessionContext,
  envelope: Envelope,
  { raw, sizeBytes, isOutOfMemory }: MessageData,
): Promise<Message | Fault> {
  const { domain } = context
  const startedAt = performance.now()
  try {
    const caller = currentCaller(context)
    if (isOutOfMemory) throw tooManyBytes()
    if (raw === null) checkSize(sizeBytes)
    const message = await domain.messages.accept({
      caller,
      envelope,
      raw: raw ?? Buffer.alloc(0),
      protocol: 'smtp',
      inbox: inboxFor(context, caller),
    })
    domain.requests.onKeyUsed()
    return message
  } catch (error) {
    return refuse(context, error, knownCaller(context), startedAt)
  }
}

function refuse(
  context: SessionContext,
  cause: unknown,
  by: Caller | null,
  startedAt: number,
): Fault {
  const error = context.domain.storage.explain(cause) ?? cause
  const fault =
    error instanceof Fault
      ? error
      : new Fault('internal', 'The server failed. Try again.', { cause: error })
  record(context, fault, fault.smtpReply.code, by, startedAt)
  return fault
}

function record(
  { domain, log, id, client, transcript }: SessionContext,
  fault: Fault,
  status: number,
  caller: Caller | null,
  startedAt: number,
): void {
  if (fault.code === 'internal')
    log.error('An SMTP session failed', fault.details.cause, { session: id })
  transcript.refused(fault)
  domain.requests.record({
    caller,
    route: 'SMTP',
    status,
    fault: fault.code,
    durationMs: performance.now() - startedAt,
    address: client.address,
    userAgent: client.name || null,
    requestId: id,
  })
}
