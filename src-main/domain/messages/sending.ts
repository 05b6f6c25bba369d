import { type Clock, iso } from '../../base/clock.ts'
import { timeId } from '../../base/ids.ts'
import type { Log } from '../../base/log.ts'
import { startLoop } from '../../base/loop.ts'
import { Fault, isStorageFault } from '../../contract/faults.ts'
import type { SendRequest } from '../../contract/messages.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import { type Caller, onlyMode, sees, type TestCaller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import { checkStoredSender } from '../auth/senders.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import { isNew, type Messages } from './accept.ts'
import type { Composing } from './composing.ts'
import type { Idempotency, SaveReply } from './idempotency.ts'
import type { Submission } from './submission.ts'

export type Sending = ReturnType<typeof createSending>

export type Sent = { readonly id: string; readonly created_at: string }

/** A scheduled message. At its time it is accepted like any other. */
export type ScheduledRow = {
  readonly public_id: string
  readonly key_id: number | null
  readonly tenant_id: string | null
  readonly mode: 'live' | 'test'
  readonly status: 'scheduled' | 'cancelled' | 'failed'
  readonly due_at: number
  readonly mail_from: string
  readonly rcpt_to: string
  readonly raw: Buffer
  readonly options: string | null
  readonly relay_id: number | null
  readonly error: string | null
  readonly created_at: number
}

/** A row of a list; `raw` is the beginning of the message, with its header. */
export type ScheduledSummary = Pick<
  ScheduledRow,
  'public_id' | 'key_id' | 'mode' | 'status' | 'mail_from' | 'created_at' | 'raw'
>

type ScheduledOptions = Pick<Submission, 'tags' | 'metadata' | 'requestId'>

const maxHeadBytes = 65_536

type CallerFilter = [
  tenant: string | null,
  tenant: string | null,
  mode: string | null,
  mode: string | null,
]

const maxDelayMs = 366 * 86_400_000
const batchSize = 50
const isReleased = 'public_id NOT IN (SELECT public_id FROM restored_scheduled)'

type SendingDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly log: Log
  readonly keys: Keys
  readonly composing: Composing
  readonly messages: Messages
  readonly deliveries: Deliveries
  readonly idempotency: Idempotency
}

/** Sends at once or later, with an `Idempotency-Key` only once. */
export function createSending(deps: SendingDeps) {
  const { database, queue, clock, log, keys, composing, messages, deliveries, idempotency } = deps
  const insert = database.prepare(`
    INSERT INTO scheduled (
      public_id, key_id, tenant_id, mode, status, due_at, mail_from, rcpt_to, raw, options, created_at
    ) VALUES (?, ?, ?, ?, 'scheduled', ?, ?, ?, ?, ?, ?)
  `)
  const due = database.prepare<[number], ScheduledRow>(`
    SELECT * FROM scheduled WHERE status = 'scheduled' AND due_at <= ? AND ${isReleased}
    ORDER BY due_at LIMIT ${batchSize}
  `)
  const nextDue = database
    .prepare<[], number | null>(
      `SELECT min(due_at) FROM scheduled WHERE status = 'scheduled' AND ${isReleased}`,
    )
    .pluck()
  const byId = database.prepare<[string], ScheduledRow>(
    'SELECT * FROM scheduled WHERE public_id = ?',
  )
  const isOfCaller = `
    status = 'scheduled' AND (? IS NULL OR tenant_id = ?) AND (? IS NULL OR mode = ?)`
  const pageOf = database.prepare<
    [...CallerFilter, limit: number, offset: number],
    ScheduledSummary
  >(`
    SELECT public_id, key_id, mode, status, mail_from, created_at,
      substr(raw, 1, ${maxHeadBytes}) AS raw
    FROM scheduled WHERE ${isOfCaller} ORDER BY due_at LIMIT ? OFFSET ?
  `)
  const countOf = database
    .prepare<CallerFilter, number>(`SELECT count(*) FROM scheduled WHERE ${isOfCaller}`)
    .pluck()
  const remove = database.prepare<[string]>('DELETE FROM scheduled WHERE public_id = ?')
  const fail = database.prepare<[string, string]>(
    "UPDATE scheduled SET status = 'failed', error = ? WHERE public_id = ?",
  )
  const setDue = database.prepare<[number, string]>(
    'UPDATE scheduled SET due_at = ? WHERE public_id = ?',
  )
  const cancelRow = database.prepare<[string]>(
    "UPDATE scheduled SET status = 'cancelled' WHERE public_id = ?",
  )

  const loop = startLoop({ name: 'schedule', clock, log, run })
  loop.wake()

  async function run(): Promise<number | null> {
    const rows = due.all(clock.now())
    for (const row of rows) await release(row)
    const next = nextDue.get() ?? null
    return next === null ? null : Math.max(0, next - clock.now())
  }

  async function release(row: ScheduledRow): Promise<void> {
    try {
      await messages.accept({
        ...(JSON.parse(row.options ?? '{}') as ScheduledOptions),
        caller: keys.callerOf(row.key_id),
        envelope: { mailFrom: row.mail_from, rcptTo: JSON.parse(row.rcpt_to) as string[] },
        raw: row.raw,
        protocol: 'http',
        publicId: row.public_id,
        ignoresPause: true,
        onInsert: () => void remove.run(row.public_id),
      })
    } catch (error) {
      // Tried again: a disk failure is not caused by the message.
      if (!(error instanceof Fault) || isStorageFault(error)) throw error
      await queue.write((transaction) => {
        fail.run(error.message, row.public_id)
        transaction.append({
          type: 'failed',
          keyId: row.key_id,
          tenantId: row.tenant_id,
          data: { email_id: row.public_id, code: error.code },
        })
      })
    }
  }

  function dueTime(text: string): number {
    const at = Date.parse(text)
    if (at - clock.now() <= maxDelayMs) return at
    throw new Fault('invalid_parameter', '“scheduled_at” may be at most a year ahead.', {
      field: 'scheduled_at',
    })
  }

  async function schedule(
    caller: Caller,
    request: SendRequest,
    dueAt: number,
    requestId: string | undefined,
    saveReply: SaveReply<Sent>,
  ): Promise<Sent> {
    if (caller.mode === 'live') deliveries.requireRelay(caller)
    const { envelope, raw } = await composing.compose(caller, request)
    const now = clock.now()
    const sent = { id: timeId('msg', now), created_at: iso(now) }
    const { tags, metadata } = request
    const options: ScheduledOptions = { tags, metadata, requestId }
    await queue.write((transaction) => {
      insert.run(
        sent.id,
        caller.keyId,
        caller.tenantId,
        caller.mode,
        dueAt,
        envelope.mailFrom,
        JSON.stringify(envelope.rcptTo),
        raw,
        JSON.stringify(options),
        now,
      )
      saveReply(transaction, sent)
      transaction.append({
        type: 'scheduled',
        keyId: caller.keyId,
        tenantId: caller.tenantId,
        data: { email_id: sent.id, due_at: iso(dueAt), recipients: envelope.rcptTo.length },
      })
    }, isNew)
    loop.wake()
    return sent
  }

  /** Null for a scheduled message that this caller may not see. */
  function findScheduled(caller: Caller, publicId: string): ScheduledRow | null {
    const row = byId.get(publicId)
    return row && sees(caller, row) ? row : null
  }

  function requireScheduled(caller: Caller, publicId: string): ScheduledRow {
    const row = findScheduled(caller, publicId)
    if (!row)
      throw new Fault(
        'not_found',
        `There is no scheduled email ${publicId}. It may have been sent.`,
      )
    checkStoredSender(caller, { mailFrom: row.mail_from, readHead: () => row.raw })
    if (row.status === 'scheduled') return row
    throw new Fault('conflict', `The email ${publicId} is ${row.status} and no longer scheduled.`)
  }

  return {
    /** Captures the message even with a live key. It is never sent. */
    async capture(
      caller: Caller,
      request: SendRequest,
      inbox = caller.inbox,
      requestId?: string,
    ): Promise<Sent> {
      const asTest: TestCaller = { ...caller, mode: 'test', inbox }
      const { envelope, raw } = await composing.compose(asTest, request)
      const message = await messages.accept({
        caller: asTest,
        envelope,
        raw,
        protocol: 'http',
        requestId,
      })
      return { id: message.publicId, created_at: iso(message.createdAt) }
    },

    /** Sends or schedules a message. */
    send(
      caller: Caller,
      request: SendRequest,
      idempotencyKey?: string,
      requestId?: string,
    ): Promise<Sent> {
      return idempotency.once<Sent>(caller, idempotencyKey, request, async (saveReply) => {
        const dueAt = request.scheduled_at === undefined ? null : dueTime(request.scheduled_at)
        if (dueAt !== null && dueAt > clock.now())
          return schedule(caller, request, dueAt, requestId, saveReply)
        const { envelope, raw } = await composing.compose(caller, request)
        const { tags, metadata } = request
        const message = await messages.accept({
          caller,
          envelope,
          raw,
          protocol: 'http',
          tags,
          metadata,
          requestId,
          onInsert: (transaction, { publicId, createdAt }) =>
            saveReply(transaction, { id: publicId, created_at: iso(createdAt) }),
        })
        return { id: message.publicId, created_at: iso(message.createdAt) }
      })
    },

    findScheduled,

    /** The next due first. */
    listScheduled(caller: Caller, { limit, offset }: { limit: number; offset: number }) {
      const { tenantId } = caller
      const filter: CallerFilter = [tenantId, tenantId, onlyMode(caller), onlyMode(caller)]
      return { rows: pageOf.all(...filter, limit, offset), total: countOf.get(...filter) ?? 0 }
    },

    async reschedule(caller: Caller, publicId: string, at: string): Promise<void> {
      const row = requireScheduled(caller, publicId)
      await queue.write((transaction) => {
        setDue.run(dueTime(at), publicId)
        const { key_id: keyId, tenant_id: tenantId } = row
        transaction.append({
          type: 'scheduled',
          keyId,
          tenantId,
          data: { email_id: publicId, due_at: at },
        })
      })
      loop.wake()
    },

    async cancel(caller: Caller, publicId: string): Promise<void> {
      const row = requireScheduled(caller, publicId)
      await queue.write((transaction) => {
        cancelRow.run(publicId)
        const { key_id: keyId, tenant_id: tenantId } = row
        transaction.append({ type: 'cancelled', keyId, tenantId, data: { email_id: publicId } })
      })
    },

    wake: loop.wake,
    idle: loop.idle,
    close: loop.close,
  }
}
