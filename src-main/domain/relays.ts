import type { Clock } from '../base/clock.ts'
import { timeId } from '../base/ids.ts'
import { isAddress } from '../base/mailboxes.ts'
import { compose } from '../base/mime-compose.ts'
import type { Vault } from '../base/vault.ts'
import type { EventType } from '../contract/events.ts'
import { Fault } from '../contract/faults.ts'
import type { NewRelay, Relay, RelayChange } from '../contract/relays.ts'
import type { CommitQueue, Transaction } from '../storage/commit-queue.ts'
import type { Database } from '../storage/database.ts'
import type { Caller } from './caller.ts'
import { createRelayQuota } from './relay-quota.ts'
import { healthOf, type RelayColumns, type RelayRow, relayId, toWire } from './relay-rows.ts'
import { createRelaySecrets } from './relay-secrets.ts'
import type { RelayTarget, Upstream } from './upstream.ts'

export type Relays = ReturnType<typeof createRelays>

/** A password that is not given stays. */
export type RelayOverride = Omit<NewRelay, 'password'> & Pick<RelayChange, 'password'>

type RelayDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly vault: Vault
  readonly upstream: Upstream
}

const columns = [
  'name',
  'host',
  'port',
  'username',
  'password_sealed',
  'tls',
  'tls_verify',
  'from_email',
  'priority',
  'is_default',
  'daily_limit',
  'oauth2_client_id',
  'oauth2_access_url',
  'oauth2_sealed',
  'dkim_domain',
  'dkim_selector',
  'dkim_public',
  'dkim_sealed',
] as const satisfies readonly (keyof RelayColumns)[]

/** What is known of a relay's health no longer holds when one of these is changed. */
const connection: readonly (keyof RelayChange)[] = [
  'host',
  'port',
  'username',
  'password',
  'tls',
  'tls_verify',
  'oauth2',
]

/** Upstream SMTP servers, in the order they are tried. */
export function createRelays({ database, queue, clock, vault, upstream }: RelayDeps) {
  const select = database.prepare<[], RelayRow>(
    'SELECT * FROM relays ORDER BY is_default DESC, priority, id',
  )
  const insert = database.prepare<unknown[]>(`
    INSERT INTO relays (${columns.join(', ')}, source, tenant_id, created_at, updated_at)
    VALUES (${columns.map((name) => `@${name}`).join(', ')}, @source, @tenant_id, @now, @now)
  `)
  const update = database.prepare<unknown[]>(`
    UPDATE relays SET ${columns.map((name) => `${name} = @${name}`).join(', ')}, updated_at = @now
    WHERE id = @id
  `)
  const forgetHealth = database.prepare<[number]>(
    'UPDATE relays SET failures = 0, verified_at = NULL, last_error = NULL WHERE id = ?',
  )
  const dropDefault = database.prepare<[string | null, number]>(
    'UPDATE relays SET is_default = 0 WHERE tenant_id IS ? AND id <> ?',
  )
  const setHealth = database.prepare<[number, number | null, string | null, number, number]>(
    'UPDATE relays SET failures = ?, verified_at = ?, last_error = ?, last_used_at = ? WHERE id = ?',
  )
  const setDay = database.prepare<[number, number, number]>(
    'UPDATE relays SET day = ?, sent_today = ? WHERE id = ?',
  )
  const remove = database.prepare<[number]>('DELETE FROM relays WHERE id = ?')

  const secrets = createRelaySecrets(vault)
  let rows = select.all()
  const quota = createRelayQuota(clock, rows)
  let revision = 0
  const revisions = new Map<number, number>()

  const wire = (row: RelayRow): Relay => toWire(row, quota.sentToday(row.id))

  function visible(caller: { readonly tenantId: string | null }): RelayRow[] {
    return rows.filter((row) => caller.tenantId === null || row.tenant_id === caller.tenantId)
  }

  /** A tenant's own relays first; without any it uses the installation's. */
  function usable(tenantId: string | null): RelayRow[] {
    const own = rows.filter((row) => row.tenant_id === tenantId)
    return own.length > 0 ? own : rows.filter((row) => row.tenant_id === null)
  }

  function find(caller: Caller, publicId: string): RelayRow {
    const row = visible(caller).find((candidate) => relayId(candidate.id) === publicId)
    if (!row) throw new Fault('not_found', `There is no relay ${publicId}.`)
    return row
  }

  function byId(id: number): RelayRow {
    const row = rows.find((candidate) => candidate.id === id)
    if (!row) throw new Error(`Relay ${id} is gone`)
    return row
  }

  function refuseEnvironment(row: RelayRow): void {
    if (row.source !== 'environment') return
    throw new Fault(
      'conflict',
      'This relay comes from SMTP_HOST in the environment. Change it there and restart.',
    )
  }

  /** Reads back what a transaction has changed; a connection made before it is made anew. */
  function reload(id: number): void {
    revision += 1
    revisions.set(id, revision)
    rows = select.all()
  }

  function note(
    transaction: Transaction,
    type: EventType,
    row: { readonly id: number; readonly tenant_id: string | null },
    by: Caller,
  ): void {
    const data = { relay: relayId(row.id), by: by.publicId }
    transaction.append({ type, tenantId: row.tenant_id, data })
  }

  function insertRow(
    input: NewRelay,
    source: RelayRow['source'],
    tenantId: string | null,
  ): { id: number; tenant_id: string | null } {
    const { lastInsertRowid } = insert.run({
      is_default: 0,
      daily_limit: null,
      ...columnsOf(input),
      ...secrets.seal(input, null),
      source,
      tenant_id: tenantId,
      now: clock.now(),
    })
    const id = Number(lastInsertRowid)
    if (input.is_default) dropDefault.run(tenantId, id)
    return { id, tenant_id: tenantId }
  }

  function updateRow(row: RelayRow, change: RelayChange): void {
    update.run({
      ...row,
      ...columnsOf(change),
      ...secrets.seal(change, row),
      now: clock.now(),
    })
    if (change.is_default) dropDefault.run(row.tenant_id, row.id)
    if (connection.some((name) => change[name] !== undefined)) forgetHealth.run(row.id)
  }

  function toTarget(row: RelayRow): RelayTarget {
    return {
      id: row.id,
      revision: `${row.id}.${revisions.get(row.id) ?? 0}`,
      name: row.name,
      host: row.host,
      port: row.port,
      tls: row.tls,
      tlsVerify: row.tls_verify === 1,
      username: row.username,
      ...secrets.open(row),
    }
  }

  async function test(row: RelayRow, recipient: string | undefined) {
    const started = clock.now()
    const target = toTarget(row)
    try {
      await upstream.verify(target)
    } catch (error) {
      if (error instanceof Fault) await noteOutcome(row.id, error.message)
      throw error
    }
    await noteOutcome(row.id, null)
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
    if (isDown) await noteOutcome(row.id, words)
    throw new Fault(
      isDown ? 'smtp_connection_error' : 'smtp_error',
      `The relay did not take the test message: “${words}”.`,
      { host: row.host, port: row.port, smtp_response: words },
    )
  }

  /**
   * Null: the relay was reached. Unchanged health is written down at most every few seconds, not
   * with every message.
   */
  async function noteOutcome(id: number, error: string | null): Promise<void> {
    const row = rows.find((candidate) => candidate.id === id)
    if (!row) return
    const isNews = error !== null || row.failures > 0 || row.verified_at === null
    if (!isNews && clock.now() - (row.last_used_at ?? 0) < 5000) return
    await queue.write((transaction) => {
      // As it is now: another attempt may have failed while this one waited for its turn.
      const known = rows.find((candidate) => candidate.id === id)
      if (!known) return
      const next = {
        failures: error === null ? 0 : known.failures + 1,
        verified_at: error === null ? clock.now() : known.verified_at,
      }
      setHealth.run(next.failures, next.verified_at, error, clock.now(), id)
      const [before, after] = [healthOf(known), healthOf(next)]
      const isWorthTelling = before !== after && !(before === 'unknown' && after === 'healthy')
      if (isWorthTelling) {
        const data = {
          relay: relayId(id),
          name: known.name,
          health: after,
          failures: next.failures,
        }
        transaction.append({ type: 'relay.health', tenantId: known.tenant_id, data })
      }
      rows = select.all()
    })
  }

  async function change(caller: Caller, row: RelayRow, next: RelayChange): Promise<Relay> {
    await queue.write((transaction) => {
      updateRow(row, next)
      note(transaction, 'relay.updated', row, caller)
    })
    reload(row.id)
    return wire(byId(row.id))
  }

  return {
    list: (caller: Caller): Relay[] => visible(caller).map(wire),
    /** Without those of tenants, unless the caller is one. */
    listOwn: (caller: Caller): Relay[] =>
      rows.filter(({ tenant_id }) => tenant_id === caller.tenantId).map(wire),
    get: (caller: Caller, publicId: string): Relay => wire(find(caller, publicId)),

    async create(caller: Caller, input: NewRelay): Promise<Relay> {
      const made = await queue.write((transaction) => {
        const row = insertRow(input, 'created', caller.tenantId)
        note(transaction, 'relay.created', row, caller)
        return row
      })
      reload(made.id)
      return wire(byId(made.id))
    },

    update(caller: Caller, publicId: string, next: RelayChange): Promise<Relay> {
      const row = find(caller, publicId)
      refuseEnvironment(row)
      return change(caller, row, next)
    },

    /** Also the environment's relay: it stays as it is, and is tried first. */
    setDefault: (caller: Caller, publicId: string): Promise<Relay> =>
      change(caller, find(caller, publicId), { is_default: true }),

    async remove(caller: Caller, publicId: string): Promise<{ id: string; deleted: true }> {
      const row = find(caller, publicId)
      refuseEnvironment(row)
      await queue.write((transaction) => {
        remove.run(row.id)
        note(transaction, 'relay.deleted', row, caller)
      })
      quota.forget(row.id)
      reload(row.id)
      return { id: publicId, deleted: true }
    },

    test: (caller: Caller, publicId: string, recipient?: string) =>
      test(find(caller, publicId), recipient),

    /** Sends a test message; answers an id for it. */
    async sendTest(caller: Caller, publicId: string, recipient: string): Promise<string> {
      await test(find(caller, publicId), recipient)
      return timeId('del', clock.now())
    },

    async testFirst(caller: Caller) {
      const [row] = usable(caller.tenantId)
      if (!row) throw noRelay()
      return test(row, undefined)
    },

    /** The relay that a sender names (`3` or `relay_3`) of those it may use, and its sender. */
    chosen(caller: Caller, reference: string): { id: number; from: string | null } {
      const row = usable(caller.tenantId).find(
        ({ id }) => reference === String(id) || reference === relayId(id),
      )
      if (row) return { id: row.id, from: row.from_email }
      throw new Fault('smtp_not_found', `There is no SMTP configuration ${reference.slice(0, 64)}.`)
    },

    /** In the order they are tried; one that the sender chose comes first. */
    targets: (tenantId: string | null, chosenId: number | null): RelayTarget[] =>
      usable(tenantId)
        .toSorted((a, b) => Number(b.id === chosenId) - Number(a.id === chosenId))
        .map(toTarget),
    hasAny: (tenantId: string | null): boolean => usable(tenantId).length > 0,
    /** When there will be room again, if no relay has any left today; null: one has. */
    fullUntil(tenantId: string | null): number | null {
      const all = usable(tenantId)
      const isFull = all.length > 0 && all.every((row) => quota.room(row) === 0)
      return isFull ? quota.nextMidnight() : null
    },
    /** Room in today's limit for as many of `wanted` recipients as there is. */
    take(id: number, wanted: number) {
      const row = rows.find((candidate) => candidate.id === id)
      // Removed while the message was on its way: nobody's limit is touched.
      return row ? quota.take(row, wanted) : { taken: 0, settle: () => undefined }
    },
    nextMidnight: quota.nextMidnight,
    /** The counts of today; inside the transaction that settles what was sent. */
    saveCount: (id: number): void => void setDay.run(quota.today(), quota.sentToday(id), id),
    defaultSender: (tenantId: string | null): string | null =>
      usable(tenantId).find((row) => row.from_email !== null)?.from_email ?? null,
    nameOf: (id: number): string | null => rows.find((row) => row.id === id)?.name ?? null,
    noteOutcome,

    health(): 'connected' | 'not_configured' | 'unreachable' {
      const own = usable(null)
      if (own.length === 0) return 'not_configured'
      return own.every((row) => row.failures > 0) ? 'unreachable' : 'connected'
    },

    /** The relay of a tenant's `smtp`, for the domain of tenants: each inside its transaction. */
    override: {
      get: (id: number | null): Relay | null => {
        const row = rows.find((candidate) => candidate.id === id)
        return row ? wire(row) : null
      },
      /** Changes the relay `known`, or makes it; answers its id. */
      put(
        transaction: Transaction,
        by: Caller,
        tenantId: string,
        known: number | null,
        input: RelayOverride,
      ) {
        const row = rows.find((candidate) => candidate.id === known)
        if (row) updateRow(row, input)
        const { password = null } = input
        const made = row ?? insertRow({ ...input, password }, 'created', tenantId)
        note(transaction, row ? 'relay.updated' : 'relay.created', made, by)
        return made.id
      },
      remove(transaction: Transaction, by: Caller, id: number): void {
        const row = rows.find((candidate) => candidate.id === id)
        if (!row) return
        remove.run(id)
        note(transaction, 'relay.deleted', row, by)
      },
      of: (tenantId: string): number[] =>
        rows.filter(({ tenant_id }) => tenant_id === tenantId).map(({ id }) => id),
      reload,
    },

    /** `SMTP_HOST` and its friends make the default relay; without them it goes. */
    async bootstrap(fromEnvironment: NewRelay | null): Promise<void> {
      await queue.write(() => {
        const known = rows.find((row) => row.source === 'environment')
        if (known && !fromEnvironment) remove.run(known.id)
        if (!fromEnvironment) return
        if (!known) insertRow(fromEnvironment, 'environment', null)
        else updateRow(known, fromEnvironment)
      })
      rows = select.all()
    },
  }
}

export function noRelay(): Fault {
  return new Fault(
    'relay_not_configured',
    'No SMTP relay is configured, so a live message cannot leave. Add a relay (Settings → Relays, or SMTP_HOST), or use a test key to capture it.',
  )
}

/** Only what a change names; the rest of the row stays. */
function columnsOf({ password, oauth2, dkim, tls_verify, is_default, ...plain }: RelayChange) {
  const flags = {
    tls_verify: tls_verify === undefined ? undefined : Number(tls_verify),
    is_default: is_default === undefined ? undefined : Number(is_default),
  }
  return Object.fromEntries(
    Object.entries({ ...plain, ...flags }).filter(([, value]) => value !== undefined),
  )
}
