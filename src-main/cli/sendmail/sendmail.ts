import type { RawCommand } from '../command.ts'
import { readStandardInput } from '../files.ts'
import { findSmtp } from '../server-address.ts'
import { SmtpRefusal, SmtpUnreachable, submit } from '../smtp-client.ts'
import { readLetter } from './letter.ts'
import { readSendmailOptions, SendmailUsage } from './options.ts'
import { WrongRecipient } from './recipients.ts'
import { talkSmtp } from './submission.ts'

/** The exit codes that callers of sendmail check (sysexits.h). */
const exits = {
  ok: 0,
  usage: 64,
  dataError: 65,
  noUser: 67,
  unavailable: 69,
  software: 70,
  tryAgain: 75,
  noPermission: 77,
} as const

export const sendmail: RawCommand = {
  summary: 'Replace /usr/sbin/sendmail: submit mail from stdin to the running server',
  takes: '[-t] [-i] [-f SENDER] [-F NAME] [ADDRESS…]',
  options: {
    t: { type: 'boolean', help: 'Take the recipients from To, Cc and Bcc; Bcc is removed' },
    i: { type: 'boolean', help: 'A dot alone on a line does not end the message (also -oi)' },
    f: { type: 'string', value: 'SENDER', help: 'Envelope sender (also -r)' },
    F: { type: 'string', value: 'NAME', help: 'Full name for a message without From' },
    v: { type: 'boolean', help: 'Show the SMTP session' },
    bs: { type: 'boolean', help: 'Speak SMTP on stdin and stdout' },
  },
  examples: [
    ['mailsage sendmail -t -i < mail.eml', 'to the recipients in the message'],
    ['ln -s "$(command -v mailsage)" /usr/sbin/sendmail', 'for programs that call sendmail'],
    ['sendmail_path = "mailsage sendmail -t -i"', 'in php.ini'],
    ['MAILSAGE_KEY=ms_test_… mailsage sendmail -t', 'into the inbox of that key'],
  ],
  async runRaw(args, env) {
    try {
      return await deliver(args, env)
    } catch (error) {
      process.stderr.write(`sendmail: ${error instanceof Error ? error.message : String(error)}\n`)
      return exitOf(error)
    }
  },
}

async function deliver(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const options = readSendmailOptions(args)
  const address = findSmtp({}, env)
  if (options.talksSmtp) return talkSmtp(address)
  const user = env.LOGNAME || env.USER || 'mailsage'
  const letter = readLetter(await readStandardInput(), {
    takesRecipients: options.takesRecipients,
    endsAtDot: !options.ignoresDots,
    fullName: options.fullName,
    defaultSender: `${user}@localhost.localdomain`,
    sender: options.sender,
  })
  const to = [...new Set([...options.recipients, ...letter.recipients])]
  if (to.length === 0) {
    throw new SendmailUsage('No recipient: name one, or use -t to take them from the message.')
  }
  const { MAILSAGE_KEY: key } = env
  const reply = await submit({
    ...address,
    from: letter.sender,
    to,
    raw: letter.raw,
    login: key ? { user: 'mailsage', key } : undefined,
    ...(options.isVerbose ? { trace: (line) => void process.stdout.write(`${line}\n`) } : {}),
  })
  return reply.code < 300 ? exits.ok : exits.tryAgain
}

function exitOf(error: unknown): number {
  if (error instanceof SendmailUsage) return exits.usage
  if (error instanceof WrongRecipient) return exits.noUser
  if (error instanceof SmtpRefusal) {
    const { reply, command } = error
    if (reply.code < 500) return exits.tryAgain
    if (command === 'AUTH' || reply.code === 530) return exits.noPermission
    if (command === 'RCPT') return exits.noUser
    if (command === 'MAIL' && reply.code === 553) return exits.dataError
    return exits.unavailable
  }
  // A queueing caller keeps the message and tries again.
  return error instanceof SmtpUnreachable ? exits.tryAgain : exits.software
}
