import { Fault } from '../../contract/faults.ts'
import type { RelayCertificate, RelayStepName } from '../../contract/relay-tests.ts'
import type { RelayStep, RelayTls } from '../../contract/relays.ts'
import type { Envelope } from '../../mime/envelope.ts'
import type { Trouble } from './connection-state.ts'

/** A relay as a connection needs it. `revision` changes when any of it does. */
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
  /** Why a saved secret cannot be read; null: all can. */
  readonly secretProblem: string | null
}

/** The reply of a relay for one recipient, or the reason why there is none. */
export type RecipientReply =
  | { readonly type: 'accepted'; readonly reply: string }
  | {
      readonly type: 'refused'
      readonly code: number
      readonly reply: string
      /** The reply to RCPT: it says nothing about the relay, whatever its code. */
      readonly isAboutRecipient: boolean
    }
  | { readonly type: 'unreachable'; readonly reply: string; readonly trouble: Trouble | null }

/** Hears how a connection goes; times are those of `performance.now()`. */
export type ConnectionNotes = {
  readonly began: (step: RelayStepName) => void
  readonly done: (detail: string | null) => void
  readonly certificate: (certificate: RelayCertificate) => void
  readonly line: (from: 'client' | 'server', line: string) => void
}

/** Hears how far a message has come at a relay. */
export type SendNotes = {
  /** The step before is over. */
  readonly began: (step: RelayStep) => void
  /** The step takes longer than it takes a relay that works. */
  readonly stalled: () => void
}

/**
 * The way out. Only the delivery loop and the relay test hold one, so nothing on a test key's path
 * can reach the network.
 */
export type Upstream = {
  /** A reply for every recipient of the envelope; never rejects. */
  readonly send: (
    relay: RelayTarget,
    envelope: Envelope,
    raw: Buffer,
    notes: SendNotes,
  ) => Promise<ReadonlyMap<string, RecipientReply>>
  /** Connects and signs in, without mail; answers the trouble, or null when there is none. */
  readonly check: (relay: RelayTarget, notes: SendNotes) => Promise<Trouble | null>
  /** Connects and signs in; rejects with a `Fault` that carries the relay's words. */
  readonly verify: (relay: RelayTarget, notes: ConnectionNotes) => Promise<void>
  readonly close: () => Promise<void>
}

/** The same way out, but never without a secret that was saved and cannot be read. */
export function withReadableSecrets(upstream: Upstream): Upstream {
  return {
    ...upstream,
    async send(relay, envelope, raw, notes) {
      if (relay.secretProblem === null) return upstream.send(relay, envelope, raw, notes)
      const trouble = unreadable(relay.secretProblem)
      const reply = { type: 'unreachable' as const, reply: relay.secretProblem, trouble }
      return new Map(envelope.rcptTo.map((recipient) => [recipient, reply]))
    },
    async check(relay, notes) {
      if (relay.secretProblem === null) return upstream.check(relay, notes)
      return unreadable(relay.secretProblem)
    },
    async verify(relay, notes) {
      if (relay.secretProblem === null) return upstream.verify(relay, notes)
      throw new Fault('smtp_auth_error', relay.secretProblem)
    },
  }
}

const unreadable = (reply: string): Trouble => ({ step: 'sign_in', timedOut: false, reply })
