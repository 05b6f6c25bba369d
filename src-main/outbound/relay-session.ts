import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import SmtpConnection from 'nodemailer/lib/smtp-connection'
import type { Clock } from '../base/clock.ts'
import type { RelayTarget, SendNotes } from '../domain/relays/upstream.ts'
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
export const noNotes: SendNotes = { began: ignore, stalled: ignore }

/**
 * One SMTP connection to a relay. Every step has a timeout, and is reported to the notes of the
 * current message. An error that ends the connection has the `step` in which it occurred.
 */
export function createSession(relay: RelayTarget, tokens: AccessTokens, clock: Clock) {
  let notes = noNotes
  let fail: ((error: Error) => void) | null = null
  let isOver = false
  let onEnd = ignore

  const timer = createStepTimer(clock, {
    began: (step) => notes.began(step),
    stalled: () => notes.stalled(),
    timedOut: (step) => end(timeoutError(relay, step)),
  })

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
  connection.on('error', end)
  connection.on('end', () => end(coded('ECONNRESET', 'The relay closed the connection')))

  /** The log of nodemailer shows the current step. */
  function onLog({ tnx }: LogEntry, text: unknown): void {
    if (isOver) return
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

  function end(cause: Error): void {
    if (isOver) return
    isOver = true
    timer.stop()
    connection.close()
    const error: SmtpError = Object.assign(cause, { step: timer.step })
    fail?.(error)
    onEnd()
  }

  /** Runs one operation; rejects with its error, or with the one that ends the connection. */
  function during<T>(work: (resolve: (value: T) => void, reject: (error: Error) => void) => void) {
    return new Promise<T>((resolve, reject) => {
      fail = reject
      work(resolve, reject)
    }).finally(() => {
      fail = null
    })
  }

  const step = (begin: (done: Done) => void): Promise<void> =>
    during((resolve, reject) => begin((error) => (error ? reject(error) : resolve())))

  async function open(): Promise<void> {
    try {
      timer.begin('connect')
      await step((done) => connection.connect(done))
      const login = loginOf(relay, tokens)
      if (login && connection.allowsAuth) {
        timer.begin('sign_in')
        await step((done) => connection.login(login, done))
      }
      timer.stop()
    } catch (error) {
      end(error as Error)
      throw error
    }
  }

  /** In chunks, each with its own timeout, so that a slow line can carry a large message. */
  async function* chunksOf(message: Buffer): AsyncGenerator<Buffer> {
    for (let at = 0; at < message.length; at += chunkBytes) {
      timer.begin('data')
      yield message.subarray(at, at + chunkBytes)
    }
  }

  return {
    messages: 0,
    get isOver(): boolean {
      return isOver
    },
    get step() {
      return timer.step
    },

    /** Sets the receiver of the next steps. */
    watch(next: SendNotes): void {
      notes = next
    },
    open,

    async send(
      { mailFrom, rcptTo }: Envelope,
      message: Buffer,
    ): Promise<SmtpConnection.SentMessageInfo> {
      const envelope = {
        from: toWireAddress(mailFrom),
        to: rcptTo.map(toWireAddress),
        size: message.length,
      }
      timer.begin('envelope')
      try {
        return await during((resolve, reject) => {
          const stream = Readable.from(chunksOf(message), { objectMode: false })
          connection.send(envelope, stream, (error, info) =>
            error ? reject(error) : resolve(info),
          )
        })
      } finally {
        timer.stop()
      }
    },

    /** RSET after a refusal, so that the connection can take another message. */
    async reset(): Promise<void> {
      timer.begin('envelope')
      await step((done) => connection.reset(done))
      timer.stop()
    },

    /** Calls `listener` when the connection ends. */
    whenOver(listener: () => void): void {
      onEnd = listener
    },
    /** Closes an idle connection. */
    quit(): void {
      if (isOver) return
      isOver = true
      timer.stop()
      connection.quit()
      setTimeout(() => connection.close(), quitMs).unref()
      onEnd()
    },
    close: (): void =>
      end(coded('ECLOSING', 'MailSage ended the connection, since it is closing.')),
  }
}
