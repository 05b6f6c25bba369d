import { isDomain, normalAddress, shown } from '../contract/addresses.ts'
import { maxMessageBytes } from '../domain/messages/accept.ts'
import type { Dialogue } from './dialogue.ts'
import { signIn } from './sign-in.ts'

type Command = (dialogue: Dialogue, argument: string) => void

export const hostName = 'mailsage.local'
const maxNameLength = 255
/** A path (RFC 5321 §4.1.2) and the parameters behind it; a source route is passed over. */
const pathPattern = /^\s*<(?:@[^:<>]*:)?((?:"(?:[^"\\]|\\.)*"|[^<>"])*)>(?:\s+(.*))?$/s
/** `esmtp-param` of RFC 5321 §4.1.2: a second address is none, nor is a second command. */
const parameter = /^[a-z0-9][a-z0-9-]*(?:=[!-<>-~\u00a0-\uffff]+)?$/i

/** What a client may say, by verb (RFC 5321 §4.1.1). */
export const commands: Readonly<Record<string, Command>> = {
  EHLO(dialogue, argument) {
    if (!greet(dialogue, argument)) return
    const { client, session } = dialogue
    const lines = [
      `${hostName} is at your service`,
      'PIPELINING',
      '8BITMIME',
      'SMTPUTF8',
      'ENHANCEDSTATUSCODES',
      ...(session.isSignedIn ? [] : ['AUTH PLAIN LOGIN']),
      ...(client.tls === null ? ['STARTTLS'] : []),
    ]
    const last = `250 SIZE ${maxMessageBytes}`
    dialogue.reply([...lines.map((line) => `250-${line}`), last].join('\r\n'))
  },

  HELO(dialogue, argument) {
    if (greet(dialogue, argument)) dialogue.reply(`250 ${hostName}`)
  },

  AUTH(dialogue, argument) {
    if (hasGreeted(dialogue)) signIn(dialogue, argument)
  },

  STARTTLS(dialogue, argument) {
    if (argument !== '') dialogue.reject(501, '5.5.4', 'STARTTLS stands alone on its line.')
    else if (dialogue.client.tls !== null)
      dialogue.reject(503, '5.5.1', 'This connection is encrypted already.')
    else dialogue.beginTls()
  },

  MAIL(dialogue, argument) {
    if (!hasGreeted(dialogue)) return
    if (dialogue.transaction) {
      dialogue.reject(503, '5.5.1', 'One message at a time: end this one, or send RSET.')
      return
    }
    const path = readPath('FROM:', argument)
    if (!path) {
      dialogue.reject(501, '5.1.7', 'Write it as MAIL FROM:<app@example.com>.')
      return
    }
    const { address: mailFrom, parameters } = path
    if (!hasParametersOnly(dialogue, parameters)) return
    const sizeBytes = declaredSize(dialogue, parameters)
    if (sizeBytes === null) return
    const fault = dialogue.session.admitSender(mailFrom, sizeBytes)
    if (fault) {
      dialogue.refuse(fault)
      return
    }
    dialogue.transaction = { mailFrom, recipients: new Map(), sizeBytes }
    dialogue.reply('250 2.1.0 Sender accepted')
  },

  RCPT(dialogue, argument) {
    const { transaction, session } = dialogue
    if (!transaction) {
      dialogue.reject(503, '5.5.1', 'Name the sender first: MAIL FROM:<app@example.com>.')
      return
    }
    const path = readPath('TO:', argument)
    if (!path) {
      dialogue.reject(501, '5.1.3', 'Write it as RCPT TO:<ann@example.com>.')
      return
    }
    const { address, parameters } = path
    if (!hasParametersOnly(dialogue, parameters)) return
    const known = address.toLowerCase()
    const { recipients } = transaction
    const taken = recipients.has(known) ? 0 : recipients.size
    const fault = session.admitRecipient(address, taken)
    if (fault) {
      dialogue.refuse(fault)
      return
    }
    recipients.set(known, address)
    dialogue.reply('250 2.1.5 Recipient accepted')
  },

  DATA(dialogue) {
    const { transaction } = dialogue
    if (transaction?.recipients.size) dialogue.receiveMessage(transaction)
    else dialogue.reject(503, '5.5.1', 'Name a recipient first: RCPT TO:<ann@example.com>.')
  },

  RSET(dialogue) {
    dialogue.transaction = null
    dialogue.reply('250 2.0.0 Forgotten')
  },

  NOOP: (dialogue) => dialogue.reply('250 2.0.0 Still here'),

  HELP: (dialogue) =>
    dialogue.reply('214 2.0.0 EHLO HELO AUTH STARTTLS MAIL RCPT DATA RSET NOOP VRFY HELP QUIT'),

  VRFY: (dialogue) => dialogue.reply('252 2.1.5 Send it something and see'),

  QUIT: (dialogue) => dialogue.leave('221 2.0.0 Bye'),
}

/** A name that is not one of RFC 5321 §4.1.1.1 may be a secret, and is not recorded. */
function greet(dialogue: Dialogue, argument: string): boolean {
  if (argument.length > maxNameLength || !/^[^\s\p{Cc}]+$/u.test(argument)) {
    dialogue.reject(501, '5.5.4', 'Say who you are, as in EHLO app.example.com.')
    return false
  }
  dialogue.client.name = isDomain(argument) ? argument.toLowerCase() : ''
  dialogue.hasGreeted = true
  dialogue.transaction = null
  return true
}

function hasGreeted(dialogue: Dialogue): boolean {
  if (dialogue.hasGreeted) return true
  dialogue.reject(503, '5.5.1', 'Say EHLO first.')
  return false
}

type PathArgument = { readonly address: string; readonly parameters: string }

/** The argument of MAIL and RCPT; null: it has no path. */
function readPath(keyword: string, argument: string): PathArgument | null {
  const hasKeyword = argument.slice(0, keyword.length).toUpperCase() === keyword
  const found = hasKeyword ? pathPattern.exec(argument.slice(keyword.length)) : null
  if (!found) return null
  const [, address = '', parameters = ''] = found
  return { address: normalAddress(address), parameters }
}

const split = (parameters: string): string[] =>
  parameters === '' ? [] : parameters.trim().split(/ +/)

/** Anything else behind a path was meant for somebody, and would be lost without a word. */
function hasParametersOnly(dialogue: Dialogue, parameters: string): boolean {
  const wrong = split(parameters).find((text) => !parameter.test(text))
  if (wrong === undefined) return true
  dialogue.reject(501, '5.5.4', `“${shown(wrong)}” behind the address is no parameter.`)
  return false
}

/**
 * The SIZE that MAIL declares (RFC 1870), 0 for none; null: a parameter was rejected. Of BODY
 * (RFC 6152) all is taken that was offered, and parameters that nobody offered are passed over.
 */
function declaredSize(dialogue: Dialogue, parameters: string): number | null {
  let sizeBytes = 0
  for (const text of split(parameters)) {
    const [keyword = '', value = ''] = text.toUpperCase().split('=', 2)
    if (keyword === 'SIZE') {
      if (!/^\d{1,20}$/.test(value)) {
        dialogue.reject(501, '5.5.4', 'SIZE is a number of bytes, as in SIZE=1024.')
        return null
      }
      sizeBytes = Number(value)
    } else if (keyword === 'BODY' && value !== '7BIT' && value !== '8BITMIME') {
      dialogue.reject(501, '5.5.4', 'BODY is 7BIT or 8BITMIME.')
      return null
    }
  }
  return sizeBytes
}
