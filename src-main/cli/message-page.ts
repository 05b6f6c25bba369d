import type { Reply } from './api-client.ts'
import { printable, type Terminal } from './terminal.ts'

type Message = Reply<'GET /v1/inbox/wait'>

/** A message for people: sender, subject, links and codes. */
export function showMessage(terminal: Terminal, message: Message, text: string): void {
  const line = (name: string, value: string): void => {
    if (value !== '') terminal.print(`${terminal.paint('dim', name.padEnd(9))} ${printable(value)}`)
  }
  const attachments = message.attachment_list.filter(({ inline }) => !inline)
  line('Id', message.id)
  line('Inbox', message.inbox)
  line('From', named(message.from))
  line('To', message.to.map(named).join(', '))
  line('Cc', message.cc.map(named).join(', '))
  line('Bcc', message.bcc.join(', '))
  line('Subject', message.subject)
  line('Received', message.received_at)
  line('Attached', attachments.map(({ filename, index }) => filename ?? `#${index}`).join(', '))
  line('Codes', message.codes.join(', '))
  for (const link of message.links) {
    line('Link', link.text === null ? link.url : `${link.url}  ${link.text}`)
  }
  terminal.print(`\n${printable(text).trimEnd()}`)
}

function named({ name, address }: Message['from']): string {
  return name ? `${name} <${address}>` : address
}
