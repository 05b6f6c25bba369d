import { Braces, Fingerprint, Hash, Link, type LucideIcon, SquareTerminal } from 'lucide-react'
import type { InboxMessageDetail } from '../../../../src-main/contract/messages.ts'
import type { Address } from '../../../../src-main/contract/wire.ts'
import { requestContent } from '../../../app/request.ts'
import { useServerSettings } from '../../../app/server-settings.ts'
import { copyText } from '../../../ui/clipboard.ts'
import { toast } from '../../../ui/toasts.tsx'

type CopyAction = {
  readonly label: string
  readonly icon: LucideIcon
  readonly run: () => Promise<void>
}

/** What can be taken from a message to code, tests and colleagues. */
export function copyActions(message: InboxMessageDetail): readonly CopyAction[] {
  const { id, message_id: messageId } = message
  return [
    {
      label: 'Copy as curl',
      icon: SquareTerminal,
      run: async () => copy(curlOf(await fixtureOf(message)), 'The curl command'),
    },
    {
      label: 'Copy as test fixture',
      icon: Braces,
      run: async () => copy(JSON.stringify(await fixtureOf(message), null, 2), 'The fixture'),
    },
    { label: 'Copy link', icon: Link, run: () => copy(location.href, 'The link') },
    { label: 'Copy id', icon: Hash, run: () => copy(id, 'The id') },
    ...(messageId
      ? [
          {
            label: 'Copy Message-ID',
            icon: Fingerprint,
            run: () => copy(messageId, 'The Message-ID'),
          },
        ]
      : []),
  ]
}

async function copy(text: string, what: string): Promise<void> {
  if (await copyText(text)) toast(`${what} is copied`)
}

/** The message as the body of `POST /v1/send`; attachments are left to the one who sends it. */
async function fixtureOf(message: InboxMessageDetail) {
  const { id, from, to, cc, bcc, reply_to, subject, has_html, has_text } = message
  const read = async (line: 'GET /v1/inbox/{id}/html' | 'GET /v1/inbox/{id}/text') =>
    (await requestContent(line, { params: { id } })).text()
  const list = (name: string, addresses: readonly string[]) =>
    addresses.length > 0 ? { [name]: addresses } : {}
  return {
    from: written(from),
    to: to.length > 0 ? to.map(written) : message.envelope.rcpt_to,
    ...list('cc', cc.map(written)),
    ...list('bcc', to.length > 0 ? bcc : []),
    ...list('reply_to', reply_to.map(written)),
    subject,
    ...(has_html ? { html: await read('GET /v1/inbox/{id}/html') } : {}),
    ...(has_text || !has_html ? { text: await read('GET /v1/inbox/{id}/text') } : {}),
  }
}

function written({ name, address }: Address): string {
  if (!name) return address
  const isPlain = /^[\p{L}\p{N} ]+$/u.test(name)
  return isPlain ? `${name} <${address}>` : `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`
}

function curlOf(fixture: object): string {
  const { settings } = useServerSettings.getState()
  const url = settings.status === 'ready' ? settings.value.url : location.origin
  // In single quotes a shell reads nothing but the quote itself.
  const body = JSON.stringify(fixture, null, 2).replaceAll("'", "'\\''")
  return `curl ${url}/v1/send \\
  -H "Authorization: Bearer $MAILSAGE_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${body}'`
}
