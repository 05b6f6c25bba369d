import { isDomain, normalAddress, shown } from '../contract/addresses.ts'
import type { Dialogue } from './dialogue.ts'
import { done, ehloReply, heloReply, rejected } from './replies.ts'
import { signIn } from './sign-in.ts'

type Command = (dialogue: Dialogue, argument: string) => void

const maxNameLength = 255
/** A path (RFC 5321 §4.1.2) and its parameters; a source route is ignored. */
const pathPattern = /^\s*<(?:@[^:<>]*:)?((?:"(?:[^"\\]|\\.)*"|[^<>"])*)>(?:\s+(.*))?$/s
/** `esmtp-param` of RFC 5321 §4.1.2; neither a second address nor a second command matches. */
const parameter = /^[a-z0-9][a-z0-9-]*(?:=[!-<>-~\u00a0-\uffff]+)?$/i

/** Commands by verb (RFC 5321 §4.1.1). */
export const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['EHLO', ehlo],
  ['HELO', helo],
  ['AUTH', auth],
  ['STARTTLS', startTls],
  ['MAIL', mail],
  ['RCPT', rcpt],
  ['DATA', data],
  ['RSET', rset],
  ['NOOP', (dialogue) => dialogue.reply(done.noop)],
  ['HELP', (dialogue) => dialogue.reply(done.help)],
  ['VRFY', (dialogue) => dialogue.reply(done.verify)],
  ['QUIT', (dialogue) => dialogue.close(done.quit)],
])

function ehlo(dialogue: Dialogue, argument: string): void {
  if (!greet(dialogue, argument)) return
  const { client, session, startTlsOffer } = dialogue
  const hasStartTls = client.tls === null && startTlsOffer() === 'offered'
  dialogue.reply(ehloReply({ hasAuth: !session.isSignedIn, hasStartTls }))
}

function helo(dialogue: Dialogue, argument: string): void {
  if (greet(dialogue, argument)) dialogue.reply(heloReply)
}

/** A name other than those of RFC 5321 §4.1.1.1 may be a secret, and is not recorded. */
function greet(dialogue: Dialogue, argument: string): boolean {
  if (argument.length > maxNameLength || !/^[^\s\p{Cc}]+$/u.test(argument)) {
    dialogue.reject(rejected.clientName)
    return false
  }
  dialogue.client.name = isDomain(argument) ? argument.toLowerCase() : ''
  dialogue.hasGreeted = true
  dialogue.transaction = null
  return true
}

function requireGreeting(dialogue: Dialogue): boolean {
  if (!dialogue.hasGreeted) dialogue.reject(rejected.noGreeting)
  return dialogue.hasGreeted
}

function auth(dialogue: Dialogue, argument: string): void {
  if (requireGreeting(dialogue)) signIn(dialogue, argument)
}

function startTls(dialogue: Dialogue, argument: string): void {
  if (argument !== '') dialogue.reject(rejected.startTlsArgument)
  else if (dialogue.client.tls !== null) dialogue.reject(rejected.tlsActive)
  else if (dialogue.startTlsOffer() === 'off') dialogue.reject(rejected.startTlsOff)
  else dialogue.startTls()
}

function mail(dialogue: Dialogue, argument: string): void {
  if (!requireGreeting(dialogue)) return
  if (dialogue.transaction) {
    dialogue.reject(rejected.transactionOpen)
    return
  }
  const path = readPath('FROM:', argument)
  if (!path) {
    dialogue.reject(rejected.senderSyntax)
    return
  }
  const { address: mailFrom, parameters } = path
  if (!requireParameters(dialogue, parameters)) return
  const sizeBytes = declaredSize(dialogue, parameters)
  if (sizeBytes === null) return
  const fault = dialogue.session.checkSender(mailFrom, sizeBytes)
  if (fault) {
    dialogue.refuse(fault)
    return
  }
  dialogue.transaction = { mailFrom, recipients: new Map(), sizeBytes }
  dialogue.reply(done.sender)
}

function rcpt(dialogue: Dialogue, argument: string): void {
  const { transaction, session } = dialogue
  if (!transaction) {
    dialogue.reject(rejected.noSender)
    return
  }
  const path = readPath('TO:', argument)
  if (!path) {
    dialogue.reject(rejected.recipientSyntax)
    return
  }
  const { address, parameters } = path
  if (!requireParameters(dialogue, parameters)) return
  const mailbox = address.toLowerCase()
  const { recipients } = transaction
  const fault = session.checkRecipient(address, recipients.has(mailbox) ? 0 : recipients.size)
  if (fault) {
    dialogue.refuse(fault)
    return
  }
  recipients.set(mailbox, address)
  dialogue.reply(done.recipient)
}

function data(dialogue: Dialogue): void {
  const { transaction } = dialogue
  if (transaction?.recipients.size) dialogue.receiveMessage(transaction)
  else dialogue.reject(rejected.noRecipient)
}

function rset(dialogue: Dialogue): void {
  dialogue.transaction = null
  dialogue.reply(done.reset)
}

type PathArgument = { readonly address: string; readonly parameters: readonly string[] }

/** The argument of MAIL or RCPT; null: it holds no path. */
function readPath(keyword: string, argument: string): PathArgument | null {
  const hasKeyword = argument.slice(0, keyword.length).toUpperCase() === keyword
  const found = hasKeyword ? pathPattern.exec(argument.slice(keyword.length)) : null
  if (!found) return null
  const [, address = '', parameters = ''] = found
  return {
    address: normalAddress(address),
    parameters: parameters === '' ? [] : parameters.trim().split(/ +/),
  }
}

/** Refuses text after a path that would be lost, such as a second recipient. */
function requireParameters(dialogue: Dialogue, parameters: readonly string[]): boolean {
  const wrong = parameters.find((text) => !parameter.test(text))
  if (wrong === undefined) return true
  dialogue.reject(rejected.parameter(shown(wrong)))
  return false
}

/**
 * The SIZE that MAIL declares (RFC 1870), 0 for none; null: a parameter was rejected. BODY
 * (RFC 6152) may have the values that EHLO offers; parameters that EHLO does not offer are ignored.
 */
function declaredSize(dialogue: Dialogue, parameters: readonly string[]): number | null {
  let sizeBytes = 0
  for (const text of parameters) {
    const [keyword = '', value = ''] = text.toUpperCase().split('=', 2)
    if (keyword === 'SIZE') {
      if (!/^\d{1,20}$/.test(value)) {
        dialogue.reject(rejected.size)
        return null
      }
      sizeBytes = Number(value)
    } else if (keyword === 'BODY' && value !== '7BIT' && value !== '8BITMIME') {
      dialogue.reject(rejected.body)
      return null
    }
  }
  return sizeBytes
}
