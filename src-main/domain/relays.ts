import { type Clock, iso, isoOrNull } from '../base/clock.ts'
import { isAddress } from '../base/mailboxes.ts'
import { compose } from '../base/mime-compose.ts'
import type { Vault } from '../base/vault.ts'
import type { EventType } from '../contract/events.ts'
import { Fault } from '../contract/faults.ts'
import type { NewRelay, Relay, RelayChange, RelayTls } from '../contract/relays.ts'
import type { CommitQueue } from '../storage/commit-queue.ts'
import type { Database } from '../storage/database.ts'
import type { Caller } from './caller.ts'
import type { RelayTarget, Upstream } from './upstream.ts'

export type Relays = ReturnType<typeof createRelays>

type RelayRow = {
  readonly id: number
  readonly name: string
  readonly source: 'created' | 'environment'
  readonly tenant_id: string | null
  readonly host: string
  readonly port: number
  readonly username: string | null
  readonly password_sealed: Buffer | null
  readonly tls: RelayTls
  readonly tls_verify: number
  readonly from_email: string | null
  readonly priority: number
  readonly health: Relay['health']
  readonly last_error: string | null
  readonly last_used_at: number | null
  readonly created_at: number
}

type RelayDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly vault: Vault
  readonly upstream: Upstream
}

/** Upstream SMTP servers, in the order they are tried. */
export function createRelays({ database, queue, clock, vault, upstream }: RelayDeps) {
  const select = database.prepare<[], RelayRow>('SELECT * FROM relays ORDER BY priority, id')
  const insert = database.prepare(`
    INSERT INTO relays (
      name, source, tenant_id, host, port, username, password_sealed, tls, tls_verify, from_email,
      priority, created_at
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  `)
  const update = database.prepare(`
    UPDATE relays SET name = ?, host = ?, port = ?, username = ?, password_sealed = ?, tls = ?,
      tls_verify = ?, from_email = ?, priority = ?, health = 'unknown', last_error = NULL
    WHERE id = ?
  `)
  const setHealth = database.prepare<[Relay['health'], string | null, number, number]>(
    'UPDATE relays SET health = ?, last_error = ?, last_used_at = ? WHERE id = ?',
  )
  const remove = database.prepare<[number]>('DELETE FROM relays WHERE id = ?')

  let rows = select.all()
  let revision = 0
  const revisions = new Map<number, number>()

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

  function refuseEnvironment(row: RelayRow): void {
    if (row.source !== 'environment') return
    throw new Fault(
      'conflict',
      'This relay comes from SMTP_HOST in the environment. Change it there and restart.',
    )
  }

  /** Writes and reads back, in one turn of the commit queue. */
  async function write<T>(
    type: EventType,
    by: Caller,
    work: () => { id: number; value: T },
  ): Promise<T> {
    const { id, value } = await queue.write((transaction) => {
      const done = work()
      transaction.append({
        type,
        tenantId: by.tenantId,
        data: { relay: relayId(done.id), by: by.publicId },
      })
      return done
    })
    revision += 1
    revisions.set(id, revision)
    rows = select.all()
    return value
  }

  function toTarget(row: RelayRow): RelayTarget {
    const password = row.password_sealed === null ? null : vault.open(row.password_sealed)
    return {
      id: row.id,
      revision: `${row.id}.${revisions.get(row.id) ?? 0}`,
      name: row.name,
      host: row.host,
      port: row.port,
      tls: row.tls,
      tlsVerify: row.tls_verify === 1,
      username: row.username,
      password,
    }
  }

  function insertRow(input: NewRelay, source: RelayRow['source'], tenantId: string | null): number {
    const { lastInsertRowid } = insert.run(
      input.name,
      source,
      tenantId,
      input.host,
      input.port,
      input.username,
      input.password === null ? null : vault.seal(input.password),
      input.tls,
      Number(input.tls_verify),
      input.from_email,
      input.priority,
      clock.now(),
    )
    return Number(lastInsertRowid)
  }

  const wire = (id: number): Relay => {
    const row = rows.find((candidate) => candidate.id === id)
    if (!row) throw new Error(`Relay ${id} is gone`)
    return toWire(row)
  }

  async function test(row: RelayRow, recipient: string | undefined) {
    const started = clock.now()
    const target = toTarget(row)
    try {
      await upstream.verify(target)
      if (recipient !== undefined) await sendTest(row, target, recipient)
    } catch (error) {
      if (error instanceof Fault) await saveHealth(row.id, 'unreachable', error.message)
      throw error
    }
    await saveHealth(row.id, 'healthy', null)
    return {
      status: 'ok' as const,
      message: recipient
        ? `SMTP connection successful, test message sent to ${recipient}`
        : 'SMTP connection successful',
      duration_ms: clock.now() - started,
    }
  }

  async function sendTest(row: RelayRow, target: RelayTarget, recipient: string): Promise<void> {
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
    throw new Fault(
      reply?.type === 'unreachable' ? 'smtp_connection_error' : 'smtp_error',
      `The relay did not take the test message: ${reply?.reply ?? 'no reply'}`,
    )
  }

  /** Unchanged health is written down at most every few seconds, not with every message. */
  async function saveHealth(
    id: number,
    health: Relay['health'],
    error: string | null,
  ): Promise<void> {
    const row = rows.find((candidate) => candidate.id === id)
    const isNews = row?.health !== health || row.last_error !== error
    if (!isNews && clock.now() - (row?.last_used_at ?? 0) < 5000) return
    await queue.write(() => void setHealth.run(health, error, clock.now(), id))
    rows = select.all()
  }

  return {
    list: (caller: Caller): Relay[] => visible(caller).map(toWire),
    get: (caller: Caller, publicId: string): Relay => toWire(find(caller, publicId)),

    async create(caller: Caller, input: NewRelay): Promise<Relay> {
      const id = await write('relay.created', caller, () => {
        const made = insertRow(input, 'created', caller.tenantId)
        return { id: made, value: made }
      })
      return wire(id)
    },

    async update(caller: Caller, publicId: string, change: RelayChange): Promise<Relay> {
      const row = find(caller, publicId)
      refuseEnvironment(row)
      const { password } = change
      const sealed =
        password === undefined
          ? row.password_sealed
          : password === null
            ? null
            : vault.seal(password)
      await write('relay.updated', caller, () => {
        update.run(
          change.name ?? row.name,
          change.host ?? row.host,
          change.port ?? row.port,
          change.username === undefined ? row.username : change.username,
          sealed,
          change.tls ?? row.tls,
          change.tls_verify === undefined ? row.tls_verify : Number(change.tls_verify),
          change.from_email === undefined ? row.from_email : change.from_email,
          change.priority ?? row.priority,
          row.id,
        )
        return { id: row.id, value: null }
      })
      return wire(row.id)
    },

    async remove(caller: Caller, publicId: string): Promise<{ id: string; deleted: true }> {
      const row = find(caller, publicId)
      refuseEnvironment(row)
      await write('relay.deleted', caller, () => {
        remove.run(row.id)
        return { id: row.id, value: null }
      })
      return { id: publicId, deleted: true }
    },

    test: (caller: Caller, publicId: string, recipient?: string) =>
      test(find(caller, publicId), recipient),

    async testFirst(caller: Caller) {
      const [row] = usable(caller.tenantId)
      if (!row) throw noRelay()
      return test(row, undefined)
    },

    /** In the order they are tried. */
    targets: (tenantId: string | null): RelayTarget[] => usable(tenantId).map(toTarget),
    hasAny: (tenantId: string | null): boolean => usable(tenantId).length > 0,
    defaultSender: (tenantId: string | null): string | null =>
      usable(tenantId).find((row) => row.from_email !== null)?.from_email ?? null,
    nameOf: (id: number): string | null => rows.find((row) => row.id === id)?.name ?? null,
    saveHealth,

    health(): 'connected' | 'not_configured' | 'unreachable' {
      const own = usable(null)
      if (own.length === 0) return 'not_configured'
      return own.every((row) => row.health === 'unreachable') ? 'unreachable' : 'connected'
    },

    /** `SMTP_HOST` and its friends make the default relay; without them it goes. */
    async bootstrap(fromEnvironment: NewRelay | null): Promise<void> {
      await queue.write(() => {
        const known = rows.find((row) => row.source === 'environment')
        if (known && !fromEnvironment) remove.run(known.id)
        if (!fromEnvironment) return
        if (!known) {
          insertRow(fromEnvironment, 'environment', null)
          return
        }
        const { name, host, port, username, password, tls, tls_verify, from_email, priority } =
          fromEnvironment
        const sealed = password === null ? null : vault.seal(password)
        update.run(
          name,
          host,
          port,
          username,
          sealed,
          tls,
          Number(tls_verify),
          from_email,
          priority,
          known.id,
        )
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

const relayId = (id: number): string => `relay_${id}`

function toWire(row: RelayRow): Relay {
  return {
    id: relayId(row.id),
    name: row.name,
    host: row.host,
    port: row.port,
    username: row.username,
    tls: row.tls,
    tls_verify: row.tls_verify === 1,
    from_email: row.from_email,
    priority: row.priority,
    has_password: row.password_sealed !== null,
    source: row.source,
    health: row.health,
    last_error: row.last_error,
    last_used_at: isoOrNull(row.last_used_at),
    created_at: iso(row.created_at),
  }
}
