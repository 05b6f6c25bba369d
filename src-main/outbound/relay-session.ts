import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import SmtpConnection from 'nodemailer/lib/smtp-connection'
import type { Clock } from '../base/clock.ts'
import type { RelayTarget, SendListener } from '../domain/relays/upstream.ts'
import type { Envelope } from '../mime/envelope.ts'
import type { AccessTokens } from './access-tokens.ts'
import { connectionOf, loginOf } from './relay-login.ts'
import { type SmtpError, timeoutError } from './send-replies.ts'
import { createStepTimer } from './step-timer.ts'
import { toWireAddress } from './wire-address.ts'

export type RelaySession = ReturnType<typeof createSession>

type LogEntry = { readonly tnx?: string }
type Done = (error?: Error | null) => void

/** Private to nodemailer: the only sign that implicit TLS has its TCP connection. */
type WithSocket = { readonly _socket?: Socket }

const quitMs = 1000
const chunkBytes = 65_536
/** Longer than our own timeouts, which know the step and the injected clock. */
const nodemailerTimeoutMs = 3_600_000
const ignore = (): void => undefined
const coded = (code: string, sentence: string) => Object.assign(new Error(sentence), { code })
export const noListener: SendListener = { began: ignore, stalled: ignore }

type SessionState = {
  /** Of the current message. */
  listener: SendListener
  /** Rejects the current operation. */
  fail: ((error: Error) => void) | null
  isOver: boolean
  onEnd: () => void
}

type SessionContext = {
  readonly state: SessionState
  readonly timer: StepTimer
  readonly connection: SmtpConnection
  readonly relay: RelayTarget
  readonly tokens: AccessTokens
}

/**
 * One SMTP connection to a relay. Every step has a timeout, and is reported to the listener of the
 * current message. An error that ends the connection has the `step` in which it occurred.
 */
export function createSession(relay: RelayTarget, tokens: AccessTokens, clock: Clock) {
  const state: SessionState = {
    listener: noListener,
    fail: null,
    isOver: false,
    onEnd: ignore,
  }

  const timer = createStepTimer(clock, {
    began: (step) => state.listener.began(step),
    stalled: () => state.listener.stalled(),
    timedOut: (step) => end(context, timeoutError(relay, step)),
  })

  const connection = openConnection(relay, timer, () => state.isOver)
  const context: SessionContext = { state, timer, connection, relay, tokens }

  connection.on('error', (cause) => end(context, cause))
  connection.on('end', () => end(context, coded('ECONNRESET', 'The relay closed the connection')))

  return {
    messages: 0,
    get isOver(): boolean {
      return state.isOver
    },
    get step() {
      return timer.step
    },

    /** Sets the receiver of the next steps. */
    watch(next: SendListener): void {
      state.listener = next
    },
    open: (): Promise<void> => open(context),

    send: (envelope: Envelope, message: Buffer): Promise<SmtpConnection.SentMessageInfo> =>
      sendMail(context, envelope, message),

    /** RSET after a refusal, so that the connection can take another message. */
    async reset(): Promise<void> {
      timer.begin('envelope')
      await step(context, (done) => connection.reset(done))
      timer.stop()
    },

    /** Calls `listener` when the connection ends. */
    whenOver(listener: () => void): void {
      state.onEnd = listener
    },
    /** Closes an idle connection. */
    quit: (): void => quit(context),
    close: (): void =>
      end(context, coded('ECLOSING', 'MailSage ended the connection, since it is closing.')),
  }
}

function end({ state, timer, connection }: SessionContext, cause: Error): void {
  if (state.isOver) return
  state.isOver = true
  timer.stop()
  connection.close()
  const error: SmtpError = Object.assign(cause, { step: timer.step })
  state.fail?.(error)
  state.onEnd()
}

/** Runs one operation; rejects with its error, or with the one that ends the connection. */
function during<T>(
  { state }: SessionContext,
  work: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
) {
  return new Promise<T>((resolve, reject) => {
    state.fail = reject
    work(resolve, reject)
  }).finally(() => {
    state.fail = null
  })
}

const step = (context: SessionContext, begin: (done: Done) => void): Promise<void> =>
  during(context, (resolve, reject) => begin((error) => (error ? reject(error) : resolve())))

async function open(context: SessionContext): Promise<void> {
  const { timer, connection, relay, tokens } = context
  try {
    timer.begin('connect')
    await step(context, (done) => connection.connect(done))
    const login = loginOf(relay, tokens)
    if (login && connection.allowsAuth) {
      timer.begin('sign_in')
      await step(context, (done) => connection.login(login, done))
    }
    timer.stop()
  } catch (error) {
    end(context, error as Error)
    throw error
  }
}

async function sendMail(
  context: SessionContext,
  { mailFrom, rcptTo }: Envelope,
  message: Buffer,
): Promise<SmtpConnection.SentMessageInfo> {
  const { timer, connection } = context
  const envelope = {
    from: toWireAddress(mailFrom),
    to: rcptTo.map(toWireAddress),
    size: message.length,
  }
  timer.begin('envelope')
  try {
    return await during(context, (resolve, reject) => {
      const stream = Readable.from(chunksOf(message, timer), { objectMode: false })
      connection.send(envelope, stream, (error, info) => (error ? reject(error) : resolve(info)))
    })
  } finally {
    timer.stop()
  }
}

function quit({ state, timer, connection }: SessionContext): void {
  if (state.isOver) return
  state.isOver = true
  timer.stop()
  connection.quit()
  setTimeout(() => connection.close(), quitMs).unref()
  state.onEnd()
}

type StepTimer = ReturnType<typeof createStepTimer>

/** nodemailer's connection; its log shows the current step, which `timer` then begins. */
function openConnection(
  relay: RelayTarget,
  timer: StepTimer,
  isOver: () => boolean,
): SmtpConnection {
  const connection = new SmtpConnection({
    ...connectionOf(relay),
    connectionTimeout: nodemailerTimeoutMs,
    greetingTimeout: nodemailerTimeoutMs,
    socketTimeout: nodemailerTimeoutMs,
    socketCloseTimeout: 0,
    transactionLog: true,
    logger: {
      level: ignore,
      trace: ignore,
      debug: onLog,
      info: onLog,
      warn: ignore,
      error: ignore,
      fatal: ignore,
    },
  } as ConstructorParameters<typeof SmtpConnection>[0])

  function onLog({ tnx }: LogEntry, text: unknown): void {
    if (isOver()) return
    if (tnx === 'dns' && relay.tls === 'implicit') queueMicrotask(watchTcp)
    else if (tnx === 'network' && /established/.test(String(text))) timer.begin('greeting')
    else if (tnx === 'message') timer.begin('acceptance')
    else if (tnx === 'server') timer.begin(timer.step)
    else if (tnx === 'client' && text === 'STARTTLS') timer.begin('tls')
    else if (tnx === 'client' && /^EHLO /.test(String(text))) timer.begin('greeting')
  }

  function watchTcp(): void {
    const socket = (connection as unknown as WithSocket)._socket
    socket?.once('connect', () => timer.begin('tls'))
  }

  return connection
}

/** In chunks, each with its own timeout, so that a slow line can carry a large message. */
async function* chunksOf(message: Buffer, timer: StepTimer): AsyncGenerator<Buffer> {
  for (let at = 0; at < message.length; at += chunkBytes) {
    timer.begin('data')
    yield message.subarray(at, at + chunkBytes)
  }
}
