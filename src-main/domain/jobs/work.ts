import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { type Loop, startLoop } from '../../base/loop.ts'
import { Fault, isStorageFault } from '../../contract/faults.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Caller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { Messages } from '../messages/accept.ts'
import type { Composing } from '../messages/composing.ts'
import type { Message } from '../messages/submission.ts'
import type { JobRow } from './rules.ts'
import type { JobContent, JobRecipient, JobStore, Variables } from './store.ts'

const chunkSize = 25
/** Queued live messages per job; few, so that a pause takes effect soon. */
const maxQueued = 50

type JobWorkDeps = {
  readonly store: JobStore
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly log: Log
  readonly keys: Keys
  readonly composing: Composing
  readonly messages: Messages
}

export type JobWork = ReturnType<typeof startJobWork>

type OnInsert = (transaction: Transaction, message: Message) => void

type WorkContext = JobWorkDeps & {
  hasActive: boolean
  readonly loop: Loop
}

/** The loop that sends the messages of jobs, a few recipients at a time. */
export function startJobWork(deps: JobWorkDeps) {
  const { queue, clock, log } = deps
  const loop = startLoop({
    name: 'job',
    clock,
    log,
    run: () => run(context),
    settleMs: 50,
  })
  const context: WorkContext = { ...deps, hasActive: true, loop }

  const stopListening = queue.onEvents(() => {
    if (context.hasActive) loop.wake()
  })
  loop.wake()

  return {
    submit: (
      caller: Caller,
      content: JobContent,
      recipient: JobRecipient,
      onInsert: OnInsert,
    ): Promise<void> => submit(context, caller, content, recipient, onInsert),

    /** A job became active. */
    wake(): void {
      context.hasActive = true
      loop.wake()
    },

    idle: loop.idle,

    async close(): Promise<void> {
      stopListening()
      await loop.close()
    },
  }
}

async function run(context: WorkContext): Promise<number | null> {
  const { store } = context
  const rows = store.active()
  context.hasActive = rows.length > 0
  for (const row of rows) await advance(context, row)
  return null
}

/** Sends to the next recipients, or completes the job. */
async function advance(context: WorkContext, row: JobRow): Promise<void> {
  const { store, queue, loop } = context
  const { pending, underway, failed, total } = await store.progressOf(row)
  if (pending === 0) {
    const end = failed === total ? 'failed' : 'completed'
    await queue.write((transaction) => void store.move(transaction, row, end))
    return
  }
  if (pending === underway || underway >= maxQueued) return
  if (row.status === 'pending') {
    await queue.write((transaction) => void store.move(transaction, row, 'processing'))
  }
  const recipients = store.pendingOf(row.id, Math.min(chunkSize, maxQueued - underway))
  await Promise.all(recipients.map((recipient) => sendTo(context, row, recipient)))
  await store.touch(row.id)
  loop.wake()
}

async function sendTo(
  context: WorkContext,
  row: JobRow,
  recipient: ReturnType<JobStore['pendingOf']>[number],
) {
  const { keys, store, log } = context
  try {
    const content = JSON.parse(row.content) as JobContent
    const variables = JSON.parse(recipient.variables ?? '{}') as Variables
    const to = { email: recipient.email, variables }
    await submit(context, keys.callerOf(row.key_id), content, to, (_, message) => {
      // The error undoes the insertion of the message.
      if (!store.accepted(recipient.id, message.id)) throw new JobStopped()
    })
  } catch (error) {
    if (error instanceof JobStopped) return
    // Tried again after a pause.
    if (isStorageFault(error)) throw error
    // Overload is temporary: the recipient stays pending for the next run.
    if (error instanceof Fault && error.code === 'overloaded') return
    if (!(error instanceof Fault)) log.error('A job could not send', error, { job: row.id })
    const reason = error instanceof Fault ? error.message : 'MailSage had an internal error.'
    await store.failed(recipient.id, reason)
  }
}

/** Renders and accepts the message of one recipient; `onInsert` runs in its transaction. */
async function submit(
  { composing, messages }: WorkContext,
  caller: Caller,
  { from, subject, html, text, template, engine, snapshot, relayId, requestId }: JobContent,
  { email: to, variables: data = {} }: JobRecipient,
  onInsert: OnInsert,
): Promise<void> {
  const source = snapshot
    ? { snapshot: { template: snapshot, data } }
    : template === undefined
      ? { inline: { engine: engine ?? 'liquid', data } }
      : { template_id: template, template_data: data }
  const draft = { from, to, subject, html, text, ...source }
  const { envelope, raw } = await composing.compose(caller, draft)
  await messages.accept({
    caller,
    envelope,
    raw,
    protocol: 'http',
    relayId,
    requestId,
    ignoresPause: true,
    onInsert,
  })
}

class JobStopped extends Error {
  override readonly name = 'JobStopped'
}
