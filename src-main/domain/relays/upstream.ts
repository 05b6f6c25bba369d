import { Fault } from '../../contract/faults.ts'
import type { RelayCertificate, RelayStepName } from '../../contract/relay-tests.ts'
import type { RelayStep, RelayTls } from '../../contract/relays.ts'
import type { Envelope } from '../../mime/envelope.ts'
import type { Trouble } from './connection-state.ts'

/** The settings that a connection needs. `revision` changes with any of them. */
export type RelayTarget = {
  readonly id: number
  readonly revision: string
  readonly name: string
  readonly host: string
  readonly port: number
  readonly tls: RelayTls
  readonly tlsVerify: boolean
  readonly username: string | null
  readonly password: string | null
  readonly oauth2: {
    readonly clientId: string
    readonly clientSecret: string
    readonly refreshToken: string
    readonly accessUrl: string
  } | null
  readonly dkim: {
    readonly domain: string
    readonly selector: string
    readonly privateKey: string
  } | null
  /** The reason why a saved secret cannot be read. */
  readonly secretProblem: string | null
}

/** The reply of a relay for one recipient, or the reason for its absence. */
export type RecipientReply =
  | { readonly type: 'accepted'; readonly reply: string }
  | {
      readonly type: 'refused'
      readonly code: number
      readonly reply: string
      /** True for a reply to RCPT: whatever its code, it says nothing about the relay. */
      readonly isAboutRecipient: boolean
    }
  | { readonly type: 'unreachable'; readonly reply: string; readonly trouble: Trouble | null }

/** Called during a connection test; times are those of `performance.now()`. */
export type ConnectionListener = {
  readonly began: (step: RelayStepName) => void
  readonly done: (detail: string | null) => void
  readonly certificate: (certificate: RelayCertificate) => void
  readonly line: (from: 'client' | 'server', line: string) => void
}

/** Called as a message passes the steps of its session at a relay. */
export type SendListener = {
  /** A step begins; the one before it is over. */
  readonly began: (step: RelayStep) => void
  /** The step takes longer than at a relay that works. */
  readonly stalled: () => void
}

/**
 * The connection to relays. Only the delivery loop and the relay test have one, so nothing on the path
 * of a test key can reach the network.
 */
export type Upstream = {
  /** A reply for every recipient of the envelope; never rejects. */
  readonly send: (
    relay: RelayTarget,
    envelope: Envelope,
    raw: Buffer,
    listener: SendListener,
  ) => Promise<ReadonlyMap<string, RecipientReply>>
  /** Connects and signs in, without mail; resolves with the trouble, or null. */
  readonly check: (relay: RelayTarget, listener: SendListener) => Promise<Trouble | null>
  /** Connects and signs in; rejects with a `Fault` that has the relay's reply. */
  readonly verify: (relay: RelayTarget, listener: ConnectionListener) => Promise<void>
  readonly close: () => Promise<void>
}

/** Refuses to connect to a relay whose saved secret cannot be read. */
export function withReadableSecrets(upstream: Upstream): Upstream {
  return {
    ...upstream,
    async send(relay, envelope, raw, listener) {
      if (relay.secretProblem === null) return upstream.send(relay, envelope, raw, listener)
      const trouble = unreadable(relay.secretProblem)
      const reply = { type: 'unreachable' as const, reply: relay.secretProblem, trouble }
      return new Map(envelope.rcptTo.map((recipient) => [recipient, reply]))
    },
    async check(relay, listener) {
      if (relay.secretProblem === null) return upstream.check(relay, listener)
      return unreadable(relay.secretProblem)
    },
    async verify(relay, listener) {
      if (relay.secretProblem === null) return upstream.verify(relay, listener)
      throw new Fault('smtp_auth_error', relay.secretProblem)
    },
  }
}

/** Tells whether an address is that of this server's own SMTP. */
export type IsOwnSmtp = (address: {
  readonly host: string
  readonly port: number
}) => Promise<boolean>

/** Refuses to send mail to this server itself: it would come back, and be sent again. */
export function withoutLoops(upstream: Upstream, isOwnSmtp: IsOwnSmtp): Upstream {
  return {
    ...upstream,
    async send(relay, envelope, raw, listener) {
      if (!(await isOwnSmtp(relay))) return upstream.send(relay, envelope, raw, listener)
      const { reply, trouble } = loop(relay)
      const replies = { type: 'unreachable' as const, reply, trouble }
      return new Map(envelope.rcptTo.map((recipient) => [recipient, replies]))
    },
    check: async (relay, listener) =>
      (await isOwnSmtp(relay)) ? loop(relay).trouble : upstream.check(relay, listener),
    async verify(relay, listener) {
      if (!(await isOwnSmtp(relay))) return upstream.verify(relay, listener)
      throw new Fault('smtp_connection_error', loop(relay).reply)
    },
  }
}

function loop({ host, port }: RelayTarget): { reply: string; trouble: Trouble } {
  const reply = `${host}:${port} is this MailSage itself, so mail would come back to it. Name another SMTP server.`
  return { reply, trouble: { step: 'connect', timedOut: false, reply } }
}

const unreadable = (reply: string): Trouble => ({ step: 'sign_in', timedOut: false, reply })
