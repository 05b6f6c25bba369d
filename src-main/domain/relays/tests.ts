import type { Clock } from '../../base/clock.ts'
import { isAddress } from '../../contract/addresses.ts'
import { Fault } from '../../contract/faults.ts'
import type { RelayDraft, RelayStepName, RelayTested } from '../../contract/relay-tests.ts'
import { compose } from '../../mime/compose.ts'
import type { LiveCaller } from '../auth/caller.ts'
import { checkSender } from '../auth/senders.ts'
import { recordConnection } from './connection-recorder.ts'
import type { RelayRow } from './rows.ts'
import type { RelayStore } from './store.ts'
import type { RelayTarget, SendListener, Upstream } from './upstream.ts'

type TestDeps = {
  readonly store: RelayStore
  readonly noteOutcome: (id: number, error: string | null) => Promise<void>
  readonly upstream: Upstream
  readonly clock: Clock
}

const noListener: SendListener = { began: () => undefined, stalled: () => undefined }

/** Tests of relays: connects, signs in and sends a message as a delivery does. */
export function createRelayTests(deps: TestDeps) {
  const { store, noteOutcome, clock } = deps
  return {
    async test(
      caller: LiveCaller,
      row: RelayRow,
      recipient: string | undefined,
    ): Promise<RelayTested> {
      const started = clock.elapsed()
      const target = store.toTarget(row)
      const conversation = await runTest(
        deps,
        target,
        (error) => noteOutcome(row.id, error),
        recipient === undefined
          ? null
          : () => sendTestMessage(deps, caller, row, target, recipient),
      )
      return {
        status: 'ok',
        message: recipient
          ? `SMTP connection successful, test message sent to ${recipient}`
          : 'SMTP connection successful',
        duration_ms: Math.round(clock.elapsed() - started),
        conversation,
      }
    },

    /** Tests a relay that is not saved; `known` has the secrets that the draft leaves out. */
    async testDraft(
      _caller: LiveCaller,
      draft: RelayDraft,
      known: RelayRow | null,
    ): Promise<RelayTested> {
      const started = clock.elapsed()
      const target = store.toDraftTarget(draft, known)
      const conversation = await runTest(deps, target, async () => undefined, null)
      return {
        status: 'ok',
        message: 'SMTP connection successful',
        duration_ms: Math.round(clock.elapsed() - started),
        conversation,
      }
    },
  }
}

/** A refusal has the conversation up to the failed step in its details. */
async function runTest(
  { upstream }: TestDeps,
  target: RelayTarget,
  noteResult: (error: string | null) => Promise<void>,
  sendMessage: (() => Promise<string>) | null,
): Promise<RelayTested['conversation']> {
  const listener = recordConnection(() => performance.now())
  const planned = plannedSteps(target, sendMessage !== null)
  try {
    try {
      await upstream.verify(target, listener)
    } catch (error) {
      if (error instanceof Fault) await noteResult(error.message)
      throw error
    }
    await noteResult(null)
    if (sendMessage) {
      listener.began('message')
      listener.done(await sendMessage())
    }
    return listener.read(planned, null)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const conversation = listener.read(planned, error.message)
    throw new Fault(error.code, error.message, { ...error.details, conversation })
  }
}

async function sendTestMessage(
  { clock, upstream, noteOutcome }: TestDeps,
  caller: LiveCaller,
  row: RelayRow,
  target: RelayTarget,
  recipient: string,
): Promise<string> {
  const isUserAddress = row.username !== null && isAddress(row.username)
  const from = row.from_email ?? (isUserAddress ? row.username : 'noreply@mailsage.local')
  checkSender(caller, from)
  const raw = await compose({
    from: { name: 'MailSage', address: from },
    to: [{ name: null, address: recipient }],
    subject: 'MailSage test message',
    text: `The relay “${row.name}” (${row.host}:${row.port}) works.\n`,
    messageId: `<test.${clock.now()}@mailsage.local>`,
    date: new Date(clock.now()),
  })
  const envelope = { mailFrom: from, rcptTo: [recipient] }
  const replies = await upstream.send(target, envelope, raw, noListener)
  const reply = replies.get(recipient)
  const text = reply?.reply ?? 'no reply'
  if (reply?.type === 'accepted') return text
  const isDown = reply?.type !== 'refused'
  // A relay that refuses one message works.
  if (isDown) await noteOutcome(row.id, text)
  throw new Fault(
    isDown ? 'smtp_connection_error' : 'smtp_error',
    `The relay did not take the test message: “${text}”.`,
    { host: row.host, port: row.port, smtp_response: text },
  )
}

function plannedSteps({ tls, username }: RelayTarget, hasMessage: boolean): RelayStepName[] {
  return [
    'connect',
    ...(tls === 'none' ? [] : (['tls'] as const)),
    'features',
    ...(username === null ? [] : (['sign_in'] as const)),
    ...(hasMessage ? (['message'] as const) : []),
  ]
}
