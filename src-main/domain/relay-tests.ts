import type { Clock } from '../base/clock.ts'
import { isAddress } from '../base/mailboxes.ts'
import { compose } from '../base/mime-compose.ts'
import { Fault } from '../contract/faults.ts'
import type { RelayHealthBook } from './relay-health.ts'
import type { RelayRow } from './relay-rows.ts'
import type { RelayStore } from './relay-store.ts'
import type { RelayTarget, Upstream } from './upstream.ts'

type TestDeps = {
  readonly store: RelayStore
  readonly health: RelayHealthBook
  readonly upstream: Upstream
  readonly clock: Clock
}

/** Connects to a relay as a delivery would, to see whether it works. */
export function createRelayTests({ store, health, upstream, clock }: TestDeps) {
  async function test(row: RelayRow, recipient: string | undefined) {
    const started = clock.now()
    const target = store.toTarget(row)
    try {
      await upstream.verify(target)
    } catch (error) {
      if (error instanceof Fault) await health.noteOutcome(row.id, error.message)
      throw error
    }
    await health.noteOutcome(row.id, null)
    if (recipient !== undefined) await sendTestMessage(row, target, recipient)
    return {
      status: 'ok' as const,
      message: recipient
        ? `SMTP connection successful, test message sent to ${recipient}`
        : 'SMTP connection successful',
      duration_ms: clock.now() - started,
    }
  }

  async function sendTestMessage(
    row: RelayRow,
    target: RelayTarget,
    recipient: string,
  ): Promise<void> {
    const isUserAddress = row.username !== null && isAddress(row.username)
    const from = row.from_email ?? (isUserAddress ? row.username : 'noreply@mailsage.local')
    const raw = await compose({
      from: { name: 'MailSage', address: from },
      to: [{ name: null, address: recipient }],
      subject: 'MailSage test message',
      text: `The relay “${row.name}” (${row.host}:${row.port}) works.\n`,
      messageId: `<test.${clock.now()}@mailsage.local>`,
      date: new Date(clock.now()),
    })
    const replies = await upstream.send(target, { mailFrom: from, rcptTo: [recipient] }, raw)
    const reply = replies.get(recipient)
    if (reply?.type === 'accepted') return
    const words = reply?.reply ?? 'no reply'
    const isDown = reply?.type !== 'refused'
    // A relay that will not take one message works all the same.
    if (isDown) await health.noteOutcome(row.id, words)
    throw new Fault(
      isDown ? 'smtp_connection_error' : 'smtp_error',
      `The relay did not take the test message: “${words}”.`,
      { host: row.host, port: row.port, smtp_response: words },
    )
  }

  return { test }
}
