import { domainToASCII } from 'node:url'
import { createTransport, type SentMessageInfo, type Transporter } from 'nodemailer'
import { connectionProblem } from '../../base/connection-problem.ts'
import { Fault } from '../../contract/faults.ts'
import type { RecipientReply } from '../../domain/delivery-rules.ts'
import type { Envelope } from '../../domain/messages.ts'
import type { RelayTarget, Upstream } from '../../domain/upstream.ts'
import { type AccessTokens, createAccessTokens } from './access-tokens.ts'
import type { OutboundGuard } from './outbound-guard.ts'
import { probe } from './probe.ts'

type Pool = { readonly revision: string; readonly transport: Transporter }

/** As nodemailer's pool has it, which its types leave out: what is under way fails at once. */
type Forcible = { readonly close: (options: { readonly force: true }) => void }

/** What nodemailer adds to the errors of an SMTP conversation. */
type SmtpError = Error & {
  readonly code?: string
  readonly responseCode?: number
  readonly response?: string
  readonly command?: string
  readonly rejectedErrors?: readonly (SmtpError & { readonly recipient?: string })[]
}

const connectionsPerRelay = 5

/** One pool of connections a relay, made when first needed, remade when the relay changes. */
export function createTransports(guard: OutboundGuard): Upstream {
  const tokens = createAccessTokens(guard)
  const pools = new Map<number, Pool>()

  function poolOf(relay: RelayTarget): Transporter {
    const known = pools.get(relay.id)
    if (known?.revision === relay.revision) return known.transport
    known?.transport.close()
    const transport = open(relay, tokens)
    pools.set(relay.id, { revision: relay.revision, transport })
    return transport
  }

  return {
    async send(relay, envelope, raw) {
      const to = [...envelope.rcptTo]
      try {
        const answer = await poolOf(relay).sendMail({
          envelope: { from: envelope.mailFrom, to, size: raw.length },
          raw,
        })
        return repliesOf(envelope, answer, placeOf(relay))
      } catch (error) {
        return failuresOf(envelope, error as SmtpError, placeOf(relay))
      }
    },

    async verify(relay, notes) {
      try {
        await probe(relay, connectionOf(relay), tokens, notes)
      } catch (error) {
        throw toFault(error as SmtpError, relay)
      }
    },

    async close() {
      for (const { transport } of pools.values()) {
        const forcible = transport as Forcible
        forcible.close({ force: true })
      }
      pools.clear()
    },
  }
}

function open(relay: RelayTarget, tokens: AccessTokens): Transporter {
  const { dkim } = relay
  return createTransport({
    pool: true as const,
    maxConnections: connectionsPerRelay,
    maxMessages: 100,
    ...connectionOf(relay),
    ...authOf(relay, tokens),
    ...(dkim
      ? {
          dkim: {
            domainName: dkim.domain,
            keySelector: dkim.selector,
            privateKey: dkim.privateKey,
          },
        }
      : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof createTransport>[0])
}

function connectionOf(relay: RelayTarget) {
  return {
    host: relay.host,
    port: relay.port,
    secure: relay.tls === 'implicit',
    requireTLS: relay.tls === 'starttls',
    ignoreTLS: relay.tls === 'none',
    tls: { rejectUnauthorized: relay.tlsVerify },
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 60_000,
  }
}

function authOf({ username, password, oauth2 }: RelayTarget, tokens: AccessTokens) {
  if (oauth2) return { auth: { type: 'OAuth2', user: username ?? '', ...tokens(oauth2) } }
  return username === null ? {} : { auth: { user: username, pass: password ?? '' } }
}

type Rejected = NonNullable<SmtpError['rejectedErrors']>

/** The relay took the message for some; `rejectedErrors` tells of the others. */
function repliesOf(
  envelope: Envelope,
  answer: SentMessageInfo,
  place: string,
): Map<string, RecipientReply> {
  const {
    response = '250',
    accepted = [],
    rejectedErrors = [],
  } = answer as {
    readonly response?: string
    readonly accepted?: readonly string[]
    readonly rejectedErrors?: Rejected
  }
  const taken = new Set(accepted.map(spelledAlike))
  const rejected = byRecipient(rejectedErrors)
  return new Map(
    envelope.rcptTo.map((recipient): [string, RecipientReply] => {
      const name = spelledAlike(recipient)
      const error = rejected.get(name)
      if (error) return [recipient, refusal(error, place)]
      if (taken.has(name)) return [recipient, { type: 'accepted', reply: response }]
      return [
        recipient,
        { type: 'unreachable', reply: 'The relay said nothing of this recipient.' },
      ]
    }),
  )
}

function failuresOf(
  envelope: Envelope,
  error: SmtpError,
  place: string,
): Map<string, RecipientReply> {
  const rejected = byRecipient(error.rejectedErrors ?? [])
  return new Map(
    envelope.rcptTo.map((recipient) => [
      recipient,
      refusal(rejected.get(spelledAlike(recipient)) ?? error, place),
    ]),
  )
}

const byRecipient = (errors: Rejected): ReadonlyMap<string, SmtpError> =>
  new Map(errors.map((error) => [spelledAlike(error.recipient ?? ''), error]))

/** nodemailer writes domains in lower case and in ASCII, or back in Unicode, and asks once for equals. */
function spelledAlike(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1)
  return `${address.slice(0, at)}@${domainToASCII(domain) || domain.toLowerCase()}`
}

/** RFC 4954 §6: the relay wants other credentials than it was given, or TLS before it takes them. */
const wantsOtherLogin = [530, 534, 535, 538]

/**
 * Only what is answered to MAIL, RCPT and DATA is about the message. Before that (greeting,
 * STARTTLS, AUTH) it is the relay's trouble: another relay may take the message, or this one later.
 */
function refusal(error: SmtpError, place: string): RecipientReply {
  const { code, responseCode } = error
  const reply = wordsOf(error, place)
  const isAboutMessage = code === 'EENVELOPE' || code === 'EMESSAGE'
  if (!isAboutMessage || (responseCode !== undefined && wantsOtherLogin.includes(responseCode))) {
    return { type: 'unreachable', reply }
  }
  // Without a reply it was not even tried: the relay announced a smaller SIZE, for one.
  return { type: 'refused', code: responseCode ?? 554, reply }
}

const placeOf = ({ host, port }: RelayTarget): string => `${host}:${port}`

/** What the relay answered; or, where it did not get as far, a sentence of ours. */
function wordsOf(error: SmtpError, place: string): string {
  if (error.response) return error.response
  const { code = '' } = error
  // What nodemailer says of messages, sign-ins and missing extensions is about SMTP alone.
  const isOfSmtp = ['EENVELOPE', 'EMESSAGE', 'EAUTH', 'EOAUTH2'].includes(code)
  return isOfSmtp ? error.message : connectionProblem(error, place)
}

function toFault(error: SmtpError, relay: RelayTarget): Fault {
  const reply = wordsOf(error, placeOf(relay))
  const { host, port } = relay
  const details = { host, port, smtp_code: error.responseCode, smtp_response: reply }
  if (error.code === 'EAUTH' || error.code === 'EOAUTH2') {
    if (relay.oauth2 && error.responseCode === undefined) {
      const sentence = `The OAuth2 sign-in to ${host} could not begin: “${reply}”.`
      return new Fault('smtp_auth_error', sentence, details)
    }
    const what = relay.oauth2 ? 'OAuth2 sign-in' : 'user name or password'
    return new Fault('smtp_auth_error', `${host} refused the ${what}: “${reply}”.`, details)
  }
  if (error.code === 'ETLS' && error.command === 'STARTTLS' && error.response) {
    const sentence = `${host}:${port} does not offer STARTTLS. It answered: “${reply}”.`
    return new Fault('smtp_connection_error', sentence, details)
  }
  if (error.responseCode !== undefined && error.command !== 'CONN') {
    return new Fault('smtp_error', `${host} answered: “${reply}”.`, details)
  }
  const sentence = error.response ? `${host}:${port} answered: “${reply}”.` : reply
  return new Fault('smtp_connection_error', sentence, { host, port, reason: reply })
}
