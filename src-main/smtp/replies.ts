import type { Fault } from '../contract/faults.ts'
import { maxMessageBytes } from '../domain/messages/accept.ts'

/** A reply of one line (RFC 5321 §4.2) with its enhanced code (RFC 2034, RFC 3463). */
export type Reply = { readonly code: number; readonly enhanced: string; readonly text: string }

export const hostName = 'mailsage.local'

/** Replies without an enhanced code. */
export const greeting = `220 ${hostName} ESMTP MailSage`
export const heloReply = `250 ${hostName}`
export const startMessage = '354 Send the message, and end it with a line of one dot'
export const askUserName = '334 VXNlcm5hbWU6'
export const askPassword = '334 UGFzc3dvcmQ6'
export const askCredentials = '334 '

/** Commands that were carried out. */
export const done = {
  startTls: reply(220, '2.0.0', 'Start the TLS handshake'),
  quit: reply(221, '2.0.0', 'Bye'),
  signedIn: reply(235, '2.7.0', 'Signed in'),
  signedInWithoutKey: (inbox: string) =>
    reply(
      235,
      '2.7.0',
      `Signed in without a key: the password is not a MailSage key, so mail is captured in the inbox ${inbox} and never sent.`,
    ),
  noop: reply(250, '2.0.0', 'OK'),
  reset: reply(250, '2.0.0', 'Transaction reset'),
  sender: reply(250, '2.1.0', 'Sender accepted'),
  recipient: reply(250, '2.1.5', 'Recipient accepted'),
  message: (publicId: string) => reply(250, '2.6.0', `Accepted as ${publicId}`),
  help: reply(214, '2.0.0', 'EHLO HELO AUTH STARTTLS MAIL RCPT DATA RSET NOOP VRFY HELP QUIT'),
  /** RFC 5321 §3.5.3 */
  verify: reply(252, '2.1.5', 'The address is not verified; send a message to it'),
} as const

/** Commands that the protocol does not allow. Refusals by a rule of ours are a `Fault`. */
export const rejected = {
  unknownCommand: reply(500, '5.5.2', 'Unknown command. HELP lists the commands.'),
  clientName: reply(501, '5.5.4', 'Give the name of your host, as in EHLO app.example.com.'),
  noGreeting: reply(503, '5.5.1', 'Send EHLO first.'),
  startTlsArgument: reply(501, '5.5.4', 'STARTTLS takes no argument.'),
  startTlsOff: reply(
    502,
    '5.5.1',
    'STARTTLS is switched off here. MAILSAGE_SMTP_STARTTLS=on offers it.',
  ),
  tlsActive: reply(503, '5.5.1', 'This connection is encrypted already.'),
  transactionOpen: reply(503, '5.5.1', 'A transaction is open. Finish it, or send RSET.'),
  senderSyntax: reply(501, '5.1.7', 'Write it as MAIL FROM:<app@example.com>.'),
  recipientSyntax: reply(501, '5.1.3', 'Write it as RCPT TO:<ann@example.com>.'),
  noSender: reply(503, '5.5.1', 'Send MAIL FROM:<app@example.com> first.'),
  noRecipient: reply(503, '5.5.1', 'Send RCPT TO:<ann@example.com> first.'),
  parameter: (text: string) =>
    reply(501, '5.5.4', `“${text}” after the address is not a parameter.`),
  size: reply(501, '5.5.4', 'SIZE takes a number of bytes, as in SIZE=1024.'),
  body: reply(501, '5.5.4', 'BODY takes 7BIT or 8BITMIME.'),
  signedIn: reply(503, '5.5.1', 'This session is signed in. For another key connect again.'),
  signInLate: reply(503, '5.5.1', 'Sign in before MAIL, or send RSET first.'),
  authArguments: reply(501, '5.5.4', 'AUTH takes a mechanism and at most one base64 text.'),
  authMechanism: reply(504, '5.5.4', 'Sign in with AUTH PLAIN or AUTH LOGIN.'),
  authPlain: reply(501, '5.5.2', 'AUTH PLAIN takes base64 of NUL, user name, NUL, API key.'),
  authCancelled: reply(501, '5.7.0', 'The client cancelled the sign-in.'),
} as const

/** Last replies of a session (RFC 5321 §3.8). */
export const closing = {
  noSlot: reply(421, '4.3.2', 'Too many connections. Close some, or try again in a moment.'),
  slotNeeded: reply(421, '4.3.2', 'Too many connections: a newer one replaces this one.'),
  shutdown: reply(421, '4.3.2', 'The server is closing.'),
  idle: reply(421, '4.4.2', 'No data arrived for a minute. Connect again.'),
  sessionTooLong: reply(421, '4.4.2', 'The session lasted too long. Connect again.'),
  lineTooLong: (maxBytes: number) =>
    reply(421, '4.5.2', `A command line may have ${maxBytes} bytes.`),
  http: reply(421, '4.7.0', 'This port expects SMTP, not HTTP.'),
  unknownCommands: (max: number) =>
    reply(421, '4.7.0', `${max} unknown commands are the limit of a session.`),
} as const

type Extensions = { readonly hasAuth: boolean; readonly hasStartTls: boolean }

/** RFC 5321 §4.1.1.1 */
export function ehloReply({ hasAuth, hasStartTls }: Extensions): string {
  const lines = [
    `${hostName} greets you`,
    'PIPELINING',
    '8BITMIME',
    'SMTPUTF8',
    'ENHANCEDSTATUSCODES',
    ...(hasAuth ? ['AUTH PLAIN LOGIN'] : []),
    ...(hasStartTls ? ['STARTTLS'] : []),
  ]
  return [...lines.map((line) => `250-${line}`), `250 SIZE ${maxMessageBytes}`].join('\r\n')
}

export const lineOf = ({ code, enhanced, text }: Reply): string => `${code} ${enhanced} ${text}`

/** The text of a fault may quote the client; a reply is one line. */
export const faultReply = ({ smtpReply, message }: Fault): Reply => ({
  ...smtpReply,
  text: message.replace(/\p{Cc}/gu, ' '),
})

function reply(code: number, enhanced: string, text: string): Reply {
  return { code, enhanced, text }
}
