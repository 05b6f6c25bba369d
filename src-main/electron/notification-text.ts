import type { InboxMessage } from '../contract/messages.ts'

export type Notice = {
  readonly title: string
  readonly body: string
  /** Copied by a button of the notification. */
  readonly code: string | null
}

const maxBodyLength = 200

/** Sender, subject and one-time code. */
export function noticeOf(
  { from, subject }: Pick<InboxMessage, 'from' | 'subject'>,
  codes: readonly string[],
): Notice {
  const [code = null] = codes
  const about = subject || '(no subject)'
  const cut = about.length > maxBodyLength ? `${about.slice(0, maxBodyLength)}…` : about
  return {
    title: from.name || from.address || '(no sender)',
    body: code === null ? cut : `${cut}\nCode: ${code}`,
    code,
  }
}
