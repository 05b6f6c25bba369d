import type { InboxMessage } from '../contract/messages.ts'

export type Notice = {
  readonly title: string
  readonly body: string
  /** To be copied with a button. */
  readonly code: string | null
}

const maxBodyLength = 200

/** Sender, subject and the one-time code: what a person looks for without opening the window. */
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
