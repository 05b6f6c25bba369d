import { createRemote } from '../api-client.ts'
import type { RawCommand } from '../command.ts'
import { environmentKey, keyVariable } from '../environment-key.ts'
import { readStandardInput } from '../files.ts'
import { localHost, localUser } from '../local-host.ts'
import { exitCodes, Refusal } from '../refusal.ts'
import { findSmtp } from '../server-address.ts'
import { SmtpRefusal, SmtpUnreachable, submit } from '../smtp-client.ts'
import { isAdminKey } from '../unasked-live.ts'
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
    [`${keyVariable}=ms_test_… mailsage sendmail -t`, 'into the inbox of that key'],
    ['MAILSAGE_URL=http://build:8025 mailsage sendmail -t', 'to a server elsewhere'],
  ],
  async runRaw(args, env) {
    try {
      return await deliver(args, env)
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error)
      const hint = isUnreachable(error) ? ` ${whereToLook}` : ''
      process.stderr.write(`sendmail: ${sentence}${hint}\n`)
      return exitOf(error)
    }
  },
}

/** Root's cron looks in the data folder of root, where no server of another user is. */
const whereToLook =
  'If another user runs the server, set MAILSAGE_DATA to its data folder, MAILSAGE_URL to its address, or MAILSAGE_SMTP_PORT to its SMTP port.'

async function deliver(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const options = readSendmailOptions(args, localHost())
  const address = await findSmtp({}, env)
  if (options.talksSmtp) return talkSmtp(address)
  const letter = readLetter(await readStandardInput(), {
    takesRecipients: options.takesRecipients,
    endsAtDot: !options.ignoresDots,
    fullName: options.fullName,
    defaultSender: localUser(env),
    host: localHost(),
    sender: options.sender,
  })
  const to = [...new Set([...options.recipients, ...letter.recipients])]
  if (to.length === 0) {
    throw new SendmailUsage(
      options.takesRecipients
        ? 'No recipient: the header has no address in To, Cc or Bcc, and no argument names one.'
        : 'No recipient: name one, or use -t to take them from the message.',
    )
  }
  const reply = await submit({
    ...address,
    from: letter.sender,
    to,
    raw: letter.raw,
    login: await loginOf(env),
    ...(options.isVerbose ? { trace: (line) => void process.stdout.write(`${line}\n`) } : {}),
  })
  return reply.code < 300 ? exits.ok : exits.tryAgain
}

const testKey = /^(ms|sk)_test_/

/** The key of the environment, unless it is an admin's: then the message is captured. */
async function loginOf(env: NodeJS.ProcessEnv) {
  const found = environmentKey(env)
  if (found === null) return undefined
  const login = { user: 'mailsage', key: found.key }
  if (testKey.test(found.key)) return login
  // The sign-in over SMTP reports a wrong key.
  const session = await createRemote({}, env)
    .ask('GET /v1/session')
    .catch(() => null)
  if (session === null || !isAdminKey(session)) return login
  process.stderr.write(
    `sendmail: ${found.variable} is a live key with the permission “*”, so the message is captured. To send for real, use a live key that has only the permission “send”.\n`,
  )
  return undefined
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
  if (isUnreachable(error)) return exits.tryAgain
  return error instanceof Refusal ? exits.usage : exits.software
}

const isUnreachable = (error: unknown): boolean =>
  error instanceof SmtpUnreachable ||
  (error instanceof Refusal && error.exitCode === exitCodes.notReachable)
