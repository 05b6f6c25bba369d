import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import { readAddresses } from '../contract/address-list.ts'
import type { Mailbox } from '../mime/mailboxes.ts'
import { readFile } from './files.ts'
import { exitCodes, Refusal, usage } from './refusal.ts'
import type { SmtpAddress } from './server-address.ts'
import { SmtpRefusal, SmtpUnreachable, submit } from './smtp-client.ts'

type Fields = {
  readonly from: string
  readonly to: readonly string[]
  readonly cc?: readonly string[] | undefined
  readonly bcc?: readonly string[] | undefined
  readonly 'reply-to'?: string | undefined
  readonly subject?: string | undefined
  readonly attach?: readonly string[] | undefined
  readonly text: string | undefined
  readonly html: string | undefined
}

/** Sends over SMTP without signing in: such mail can only be captured. */
export async function sendWithoutKey(address: SmtpAddress, fields: Fields) {
  const [from, ...more] = mailboxes('--from', [fields.from])
  if (!from || more.length > 0) throw usage('--from takes one address.')
  const to = mailboxes('the recipients', fields.to)
  const cc = mailboxes('--cc', fields.cc ?? [])
  const bcc = mailboxes('--bcc', fields.bcc ?? [])
  const { compose } = await import('../mime/compose.ts')
  const raw = await compose({
    from,
    to,
    cc,
    replyTo: mailboxes('--reply-to', fields['reply-to'] ? [fields['reply-to']] : []),
    subject: fields.subject ?? '',
    text: fields.text,
    html: fields.html,
    attachments: (fields.attach ?? []).map((file) => ({
      filename: basename(file),
      content: readFile(file),
    })),
    messageId: `<${randomUUID()}@mailsage.local>`,
    date: new Date(),
  })
  const recipients = [...to, ...cc, ...bcc].map((mailbox) => mailbox.address)
  const reply = await submit({ ...address, from: from.address, to: recipients, raw }).catch(refuse)
  return { id: /\bmsg_\w+/.exec(reply.text)?.[0] ?? '', status: 'captured' as const }

  function refuse(error: unknown): never {
    if (error instanceof SmtpRefusal) {
      throw new Refusal(exitCodes.refused, 'smtp_error', `MailSage replied: ${error.message}`)
    }
    if (!(error instanceof SmtpUnreachable)) throw error
    throw new Refusal(
      exitCodes.notReachable,
      'not_reachable',
      `${error.message} Start MailSage with “mailsage serve”.`,
    )
  }
}

function mailboxes(what: string, texts: readonly string[]): Mailbox[] {
  return texts.flatMap((text) => {
    const reading = readAddresses(text)
    if (reading.type === 'refused') throw usage(`In ${what}: ${reading.problem}`)
    if (reading.mailboxes.length > 0) return reading.mailboxes
    throw usage(`In ${what}, “${text}” holds no email address.`)
  })
}
