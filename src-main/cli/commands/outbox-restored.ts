import type { HeldCounts } from '../../contract/storage.ts'
import { command } from '../command.ts'

export const outboxReleaseRestored = command({
  summary: 'Send the held queue of a restored backup; its mail may have been sent before',
  options: {},
  examples: [
    ['mailsage outbox release-restored', 'after a restore, when it is to be sent'],
    ['mailsage outbox release-restored --json', 'what was released, as JSON'],
  ],
  async run({ remote, terminal }) {
    const released = await remote().ask('POST /v1/outbox/restored/release')
    if (terminal.printedJson(released)) return
    terminal.print(`Released: ${heldWords(released.held)}.`)
  },
})

export const outboxCancelRestored = command({
  summary: 'Cancel the held queue of a restored backup; none of it is sent',
  options: {},
  examples: [
    ['mailsage outbox cancel-restored', 'after a restore, when it was sent already'],
    ['mailsage outbox cancel-restored --json', 'what was cancelled, as JSON'],
  ],
  async run({ remote, terminal }) {
    const cancelled = await remote().ask('DELETE /v1/outbox/restored')
    if (terminal.printedJson(cancelled)) return
    terminal.print(`Cancelled: ${heldWords(cancelled.held)}.`)
  },
})

export const messagesOf = (count: number): string =>
  count === 1 ? 'one message' : `${count} messages`

export function heldWords({ messages, jobs, webhook_deliveries: posts }: HeldCounts): string {
  const parts = [
    messages > 0 ? [messagesOf(messages)] : [],
    jobs > 0 ? [jobs === 1 ? 'one job' : `${jobs} jobs`] : [],
    posts > 0 ? [posts === 1 ? 'one webhook delivery' : `${posts} webhook deliveries`] : [],
  ].flat()
  return parts.length === 0 ? 'nothing' : parts.join(', ')
}
