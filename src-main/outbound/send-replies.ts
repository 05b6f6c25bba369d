import type SmtpConnection from 'nodemailer/lib/smtp-connection'
import { connectionProblem } from '../base/connection-problem.ts'
import { Fault } from '../contract/faults.ts'
import type { RelayStep } from '../contract/relays.ts'
import type { RecipientReply, RelayTarget } from '../domain/relays/upstream.ts'
import type { Envelope } from '../mime/envelope.ts'
import { stepLimits } from './step-timer.ts'
import { toWireAddress } from './wire-address.ts'

/** Errors of nodemailer, with the `step` that our session adds. */
export type SmtpError = Error & {
  readonly code?: string
  readonly responseCode?: number
  readonly response?: string
  readonly command?: string
  readonly step?: RelayStep
  readonly rejectedErrors?: readonly (SmtpError & { readonly recipient?: string })[]
}

const stepNames: Readonly<Record<RelayStep, string>> = {
  connect: 'the connection',
  greeting: 'the greeting',
  tls: 'the TLS handshake',
  sign_in: 'the sign-in',
  envelope: 'the sender and recipients',
  data: 'the content of the message',
  acceptance: 'the end of the message',
}

export function timeoutError({ host, port }: RelayTarget, step: RelayStep): SmtpError {
  const seconds = stepLimits[step].maxMs / 1000
  const sentence =
    step === 'connect'
      ? `${host}:${port} did not accept the connection within ${seconds} s (timeout).`
      : `${host}:${port} connects, but did not answer ${stepNames[step]} within ${seconds} s (timeout).`
  return Object.assign(new Error(sentence), { code: 'ETIMEDOUT', step })
}

/** The relay accepted the message for some recipients; `rejectedErrors` has the others. */
export function repliesOf(
  envelope: Envelope,
  answer: SmtpConnection.SentMessageInfo,
  place: string,
): Map<string, RecipientReply> {
  // The types lack `rejectedErrors`.
  const { response, rejectedErrors = [] } = answer as typeof answer &
    Pick<SmtpError, 'rejectedErrors'>
  const rejected = byRecipient(rejectedErrors)
  return new Map(
    envelope.rcptTo.map((recipient): [string, RecipientReply] => {
      const error = rejected.get(toWireAddress(recipient))
      return [recipient, error ? replyOf(error, place) : { type: 'accepted', reply: response }]
    }),
  )
}

export function failuresOf(
  envelope: Envelope,
  error: SmtpError,
  place: string,
): Map<string, RecipientReply> {
  const rejected = byRecipient(error.rejectedErrors ?? [])
  return new Map(
    envelope.rcptTo.map((recipient) => [
      recipient,
      replyOf(rejected.get(toWireAddress(recipient)) ?? error, place),
    ]),
  )
}

const byRecipient = (errors: NonNullable<SmtpError['rejectedErrors']>) =>
  new Map(errors.map((error) => [error.recipient, error]))

/** RFC 4954 §6: the relay asks for other credentials, or for TLS. */
const authenticationCodes = [530, 534, 535, 538]

export const isAboutMessage = ({ code, responseCode }: SmtpError): boolean =>
  (code === 'EENVELOPE' || code === 'EMESSAGE') &&
  // RFC 5321 §3.8: with 421 the relay closes the connection, whatever the command was.
  responseCode !== 421 &&
  !(responseCode !== undefined && authenticationCodes.includes(responseCode))

/**
 * Only replies to MAIL, RCPT and DATA are about the message. Earlier replies (greeting, STARTTLS,
 * AUTH) are about the relay: another one may accept the message, or this one later.
 */
function replyOf(error: SmtpError, place: string): RecipientReply {
  const reply = sentenceOf(error, place)
  if (!isAboutMessage(error)) {
    const { step = 'envelope', code } = error
    return { type: 'unreachable', reply, trouble: { step, timedOut: code === 'ETIMEDOUT', reply } }
  }
  // Without a reply nodemailer did not try, for example because of the SIZE that the relay offers.
  const isAboutRecipient = error.command === 'RCPT TO'
  return { type: 'refused', code: error.responseCode ?? 554, reply, isAboutRecipient }
}

export const placeOf = ({ host, port }: RelayTarget): string => `${host}:${port}`

/** The relay's reply, or a sentence of MailSage when there is none. */
export function sentenceOf(error: SmtpError, place: string): string {
  if (error.response) return error.response
  const { code = '', step } = error
  // Sentences of nodemailer about messages and sign-ins, and our own about timeouts.
  const isClear = ['EENVELOPE', 'EMESSAGE', 'EAUTH', 'EOAUTH2'].includes(code)
  const isOurs = code === 'ECLOSING' || (code === 'ETIMEDOUT' && step !== undefined)
  return isClear || isOurs ? error.message : connectionProblem(error, place)
}

/** The fault that a test of the connection ends with. */
export function toFault(error: SmtpError, relay: RelayTarget): Fault {
  const reply = sentenceOf(error, placeOf(relay))
  const { host, port } = relay
  const details = { host, port, smtp_code: error.responseCode, smtp_response: reply }
  if (error.code === 'EAUTH' || error.code === 'EOAUTH2') {
    if (relay.oauth2 && error.responseCode === undefined) {
      const sentence = `The OAuth2 sign-in to ${host} could not start: “${reply}”.`
      return new Fault('smtp_auth_error', sentence, details)
    }
    const login = relay.oauth2 ? 'OAuth2 sign-in' : 'user name or password'
    return new Fault('smtp_auth_error', `${host} refused the ${login}: “${reply}”.`, details)
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
