import Dkim from 'nodemailer/lib/dkim'
import type { Clock } from '../base/clock.ts'
import type { RelayTarget, SendListener, Upstream } from '../domain/relays/upstream.ts'
import { createAccessTokens } from './access-tokens.ts'
import type { OutboundGuard } from './outbound-guard.ts'
import { probe } from './probe.ts'
import { connectionOf } from './relay-login.ts'
import {
  failuresOf,
  isAboutMessage,
  placeOf,
  repliesOf,
  type SmtpError,
  sentenceOf,
  toFault,
} from './send-replies.ts'
import { createSessionPool, type Mail } from './session-pool.ts'

/** Options of nodemailer for the connection test. */
const probeTimeouts = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 60_000 }

type SessionPool = ReturnType<typeof createSessionPool>

/** Sends mail over connections that it opens, or reuses. */
export function createTransports(guard: OutboundGuard, clock: Clock): Upstream {
  const tokens = createAccessTokens(guard)
  const pool = createSessionPool(tokens, clock)

  return {
    async send(relay, envelope, raw, listener) {
      try {
        const message = relay.dkim ? await sign(raw, relay.dkim) : raw
        const answer = await sendOnce(pool, relay, listener, [envelope, message])
        return repliesOf(envelope, answer, placeOf(relay))
      } catch (error) {
        return failuresOf(envelope, error as SmtpError, placeOf(relay))
      }
    },

    async check(relay, listener) {
      try {
        pool.keep(relay, await pool.open(relay, listener))
        return null
      } catch (error) {
        const failure = error as SmtpError
        const { step = 'connect', code } = failure
        return { step, timedOut: code === 'ETIMEDOUT', reply: sentenceOf(failure, placeOf(relay)) }
      }
    },

    async verify(relay, listener) {
      try {
        await probe(relay, { ...connectionOf(relay), ...probeTimeouts }, tokens, listener)
      } catch (error) {
        throw toFault(error as SmtpError, relay)
      }
    },

    async close() {
      pool.closeAll()
    },
  }
}

async function sendOnce(pool: SessionPool, relay: RelayTarget, listener: SendListener, mail: Mail) {
  for (;;) {
    const used = pool.reuse(relay, listener)
    const session = used ?? (await pool.open(relay, listener))
    try {
      return await pool.send(session, relay, ...mail)
    } catch (error) {
      // The relay had closed the idle connection; nothing of the message was sent.
      if (used === null || !isClosedBefore(error as SmtpError)) throw error
    }
  }
}

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
