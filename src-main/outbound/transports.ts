import Dkim from 'nodemailer/lib/dkim'
import type { Clock } from '../base/clock.ts'
import type { RelayTarget, SendNotes, Upstream } from '../domain/relays/upstream.ts'
import { createAccessTokens } from './access-tokens.ts'
import type { OutboundGuard } from './outbound-guard.ts'
import { probe } from './probe.ts'
import { connectionOf } from './relay-login.ts'
import { createSession, noNotes, type RelaySession } from './relay-session.ts'
import {
  failuresOf,
  isAboutMessage,
  placeOf,
  repliesOf,
  type SmtpError,
  sentenceOf,
  toFault,
} from './send-replies.ts'

const maxMessagesPerSession = 100
/** Shorter than the idle timeout of common relays. */
const idleMs = 30_000
/** Options of nodemailer for the connection test. */
const probeTimeouts = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 60_000 }

/**
 * Connections to relays, one for each message in delivery, kept open for a while for the next one.
 * The caller limits their number.
 */
export function createTransports(guard: OutboundGuard, clock: Clock): Upstream {
  const tokens = createAccessTokens(guard)
  const all = new Set<RelaySession>()
  const idle = new Map<RelaySession, { readonly relay: RelayTarget; readonly cancel: () => void }>()

  /** Opens a connection and signs in. */
  async function open(relay: RelayTarget, notes: SendNotes): Promise<RelaySession> {
    const session = createSession(relay, tokens, clock)
    all.add(session)
    session.whenOver(() => {
      all.delete(session)
      removeIdle(session)
    })
    session.watch(notes)
    await session.open()
    return session
  }

  function removeIdle(session: RelaySession): void {
    idle.get(session)?.cancel()
    idle.delete(session)
  }

  /** An idle connection; those from before a change of the relay are closed. */
  function reuse(relay: RelayTarget, notes: SendNotes): RelaySession | null {
    for (const [session, kept] of idle) {
      if (kept.relay.id !== relay.id) continue
      removeIdle(session)
      if (kept.relay.revision === relay.revision) {
        session.watch(notes)
        return session
      }
      session.quit()
    }
    return null
  }

  function keep(relay: RelayTarget, session: RelaySession): void {
    session.watch(noNotes)
    if (session.isOver) return
    if (session.messages >= maxMessagesPerSession) session.quit()
    else idle.set(session, { relay, cancel: clock.after(idleMs, () => session.quit()) })
  }

  async function sendOver(session: RelaySession, relay: RelayTarget, ...mail: Mail) {
    session.messages += 1
    try {
      const answer = await session.send(...mail)
      keep(relay, session)
      return answer
    } catch (error) {
      const isUsable = isAboutMessage(error as SmtpError) && !session.isOver
      if (isUsable) session.reset().then(() => keep(relay, session), session.close)
      else session.close()
      throw error
    }
  }

  return {
    async send(relay, envelope, raw, notes) {
      try {
        const message = relay.dkim ? await sign(raw, relay.dkim) : raw
        for (;;) {
          const used = reuse(relay, notes)
          const session = used ?? (await open(relay, notes))
          try {
            return repliesOf(
              envelope,
              await sendOver(session, relay, envelope, message),
              placeOf(relay),
            )
          } catch (error) {
            // The relay had closed the idle connection; nothing of the message was sent.
            if (used === null || !isClosedBefore(error as SmtpError)) throw error
          }
        }
      } catch (error) {
        return failuresOf(envelope, error as SmtpError, placeOf(relay))
      }
    },

    async check(relay, notes) {
      try {
        keep(relay, await open(relay, notes))
        return null
      } catch (error) {
        const failure = error as SmtpError
        const { step = 'connect', code } = failure
        return { step, timedOut: code === 'ETIMEDOUT', reply: sentenceOf(failure, placeOf(relay)) }
      }
    },

    async verify(relay, notes) {
      try {
        await probe(relay, { ...connectionOf(relay), ...probeTimeouts }, tokens, notes)
      } catch (error) {
        throw toFault(error as SmtpError, relay)
      }
    },

    async close() {
      for (const session of all) session.close()
    },
  }
}

type Mail = Parameters<RelaySession['send']>

const isClosedBefore = (error: SmtpError): boolean =>
  error.step === 'envelope' && error.code !== 'ETIMEDOUT' && !isAboutMessage(error)

/** RFC 6376. */
async function sign(raw: Buffer, dkim: NonNullable<RelayTarget['dkim']>): Promise<Buffer> {
  const { domain: domainName, selector: keySelector, privateKey } = dkim
  const signed = new Dkim({ domainName, keySelector, privateKey }).sign(raw)
  const chunks: Buffer[] = []
  for await (const chunk of signed) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
