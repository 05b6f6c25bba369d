import type { Clock } from '../base/clock.ts'
import type { RelayTarget, SendListener } from '../domain/relays/upstream.ts'
import type { AccessTokens } from './access-tokens.ts'
import { createSession, noListener, type RelaySession } from './relay-session.ts'
import { isAboutMessage, type SmtpError } from './send-replies.ts'

const maxMessagesPerSession = 100
/** Shorter than the idle timeout of common relays. */
const idleMs = 30_000

export type Mail = Parameters<RelaySession['send']>

/**
 * Connections to relays, one for each message in delivery, kept open for a while for the next one.
 * The caller limits their number.
 */
export function createSessionPool(tokens: AccessTokens, clock: Clock) {
  const all = new Set<RelaySession>()
  const idle = new Map<RelaySession, { readonly relay: RelayTarget; readonly cancel: () => void }>()

  function removeIdle(session: RelaySession): void {
    idle.get(session)?.cancel()
    idle.delete(session)
  }

  function keep(relay: RelayTarget, session: RelaySession): void {
    session.watch(noListener)
    if (session.isOver) return
    if (session.messages >= maxMessagesPerSession) session.quit()
    else idle.set(session, { relay, cancel: clock.after(idleMs, () => session.quit()) })
  }

  return {
    /** Opens a connection and signs in. */
    async open(relay: RelayTarget, listener: SendListener): Promise<RelaySession> {
      const session = createSession(relay, tokens, clock)
      all.add(session)
      session.whenOver(() => {
        all.delete(session)
        removeIdle(session)
      })
      session.watch(listener)
      await session.open()
      return session
    },

    /** An idle connection; those from before a change of the relay are closed. */
    reuse(relay: RelayTarget, listener: SendListener): RelaySession | null {
      for (const [session, kept] of idle) {
        if (kept.relay.id !== relay.id) continue
        removeIdle(session)
        if (kept.relay.revision === relay.revision) {
          session.watch(listener)
          return session
        }
        session.quit()
      }
      return null
    },

    /** Keeps the connection for the next message, if it can take one. */
    keep,

    /** Sends a message and keeps the connection, unless the failure concerns the connection. */
    async send(session: RelaySession, relay: RelayTarget, ...mail: Mail) {
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
    },

    closeAll(): void {
      for (const session of all) session.close()
    },
  }
}
