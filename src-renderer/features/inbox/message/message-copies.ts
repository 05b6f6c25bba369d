import { Braces, Fingerprint, Hash, Link, type LucideIcon, SquareTerminal } from 'lucide-react'
import type { InboxMessageDetail } from '../../../../src-main/contract/messages.ts'
import type { Address } from '../../../../src-main/contract/wire.ts'
import { requestContent } from '../../../app/request.ts'
import { useServerSettings } from '../../../app/server-settings.ts'
import { copyText } from '../../../ui/clipboard.ts'
import { toast } from '../../../ui/toasts.tsx'
import { openMessageLabels } from '../labels.ts'

const { copies } = openMessageLabels

type CopyAction = {
  readonly label: string
  readonly icon: LucideIcon
  readonly run: () => Promise<void>
}

/** The entries of the “Copy as” menu. */
export function copyActions(message: InboxMessageDetail): readonly CopyAction[] {
  const { id, message_id: messageId } = message
  return [
    {
      label: copies.curl.action,
      icon: SquareTerminal,
      run: async () => copy(curlOf(await fixtureOf(message)), copies.curl.done),
    },
    {
      label: copies.fixture.action,
      icon: Braces,
      run: async () => copy(JSON.stringify(await fixtureOf(message), null, 2), copies.fixture.done),
    },
    { label: copies.link.action, icon: Link, run: () => copy(location.href, copies.link.done) },
    { label: copies.id.action, icon: Hash, run: () => copy(id, copies.id.done) },
    ...(messageId
      ? [
          {
            label: copies.messageId.action,
            icon: Fingerprint,
            run: () => copy(messageId, copies.messageId.done),
          },
        ]
      : []),
  ]
}

async function copy(text: string, confirmation: string): Promise<void> {
  if (await copyText(text)) toast(confirmation)
}

/** The message as a body of `POST /v1/send`, without attachments. */
async function fixtureOf(message: InboxMessageDetail) {
  const { id, from, to, cc, bcc, reply_to, subject, has_html, has_text } = message
  const read = async (line: 'GET /v1/inbox/{id}/html' | 'GET /v1/inbox/{id}/text') =>
    (await requestContent(line, { params: { id } })).text()
  const list = (name: string, addresses: readonly string[]) =>
    addresses.length > 0 ? { [name]: addresses } : {}
  return {
    from: formatAddress(from),
    to: to.length > 0 ? to.map(formatAddress) : message.envelope.rcpt_to,
    ...list('cc', cc.map(formatAddress)),
    ...list('bcc', to.length > 0 ? bcc : []),
    ...list('reply_to', reply_to.map(formatAddress)),
    subject,
    ...(has_html ? { html: await read('GET /v1/inbox/{id}/html') } : {}),
    ...(has_text || !has_html ? { text: await read('GET /v1/inbox/{id}/text') } : {}),
  }
}

function formatAddress({ name, address }: Address): string {
  if (!name) return address
  const isPlain = /^[\p{L}\p{N} ]+$/u.test(name)
  return isPlain ? `${name} <${address}>` : `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`
}

function curlOf(fixture: object): string {
  const { settings } = useServerSettings.getState()
  const url = settings.status === 'ready' ? settings.value.url : location.origin
  // Within single quotes, a shell treats only the quote itself as special.
  const body = JSON.stringify(fixture, null, 2).replaceAll("'", "'\\''")
  return `curl ${url}/v1/send \\
  -H "Authorization: Bearer $MAILSAGE_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${body}'`
}
