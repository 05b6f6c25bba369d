import { iso } from '../../base/clock.ts'
import { timeId } from '../../base/ids.ts'
import type { EventType } from '../../contract/events.ts'
import { Fault } from '../../contract/faults.ts'
import type { CreatedKey, NewKey } from '../../contract/keys.ts'
import type { EmailQuery } from '../../contract/messages.ts'
import type {
  NewTenant,
  Tenant,
  TenantChange,
  TenantDeleted,
  TenantQuery,
  TenantSmtp,
  TenantUsage,
} from '../../contract/tenants.ts'
import type { Transaction } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import {
  type Caller,
  isOfTenant,
  type LiveCaller,
  requireInstallation,
  requirePermission,
} from '../auth/caller.ts'
import { refuseWiderLimits } from '../auth/key-bounds.ts'
import type { TenantRow } from '../auth/tenant-records.ts'
import type { Emails } from '../outbox/emails.ts'
import type { RelayOverride } from '../relays/tenant-relays.ts'
import { createTenantRemoval, type TenantRemovalDeps } from './removal.ts'

export type Tenants = ReturnType<typeof createTenants>

type TenantDeps = TenantRemovalDeps & { readonly emails: Emails }

type TenantContext = TenantDeps & {
  readonly statements: Statements
}

/** Tenants: each has keys, mail, a relay and limits of its own, and sees no other tenant. */
export function createTenants(deps: TenantDeps) {
  const { database, keys, emails } = deps
  const statements = prepareStatements(database)
  const context: TenantContext = { ...deps, statements }

  const removal = createTenantRemoval(deps)

  return {
    list: (caller: Caller, query: TenantQuery) => listTenants(context, caller, query),

    get: (caller: Caller, id: string): Tenant => toWire(context, find(context, caller, id)),

    create: (caller: LiveCaller, tenant: NewTenant): Promise<Tenant> =>
      createTenant(context, caller, tenant),

    update: (caller: LiveCaller, id: string, change: TenantChange): Promise<Tenant> =>
      updateTenant(context, caller, id, change),

    async remove(caller: LiveCaller, id: string, isForced: boolean): Promise<TenantDeleted> {
      find(context, caller, id)
      requireInstallation(caller, 'delete tenants')
      return removal.remove(caller, id, isForced)
    },

    async createKey(
      caller: Caller,
      id: string,
      input: Omit<NewKey, 'tenant_id'>,
    ): Promise<CreatedKey> {
      const { id: tenantId } = find(context, caller, id)
      return keys.create(caller, { ...input, tenant_id: tenantId })
    },

    async emails(caller: Caller, id: string, query: EmailQuery) {
      const { id: tenantId } = find(context, caller, id)
      requirePermission(caller, 'logs:read')
      return emails.list({ ...caller, tenantId }, query)
    },

    /** A calendar month (UTC), from the rollups of the event log. */
    usage: (caller: LiveCaller, id: string, period?: string): Promise<TenantUsage> =>
      readUsage(context, caller, id, period),

    /** Finishes removals that the end of the last process interrupted. */
    finishRemovals: removal.finish,
  }
}

function find({ records }: TenantContext, caller: Caller, id: string): TenantRow {
  if (!isOfTenant(caller, id)) {
    throw new Fault('not_found', `There is no tenant ${id}. List the tenants to see their ids.`)
  }
  return records.require(id)
}

function note(transaction: Transaction, type: EventType, row: TenantRow, by: Caller): void {
  transaction.append({ type, tenantId: row.id, data: { by: by.publicId } })
}

/** Creates, changes or removes the relay that `smtp` describes; returns its id. */
function putRelay(
  { relays }: TenantContext,
  transaction: Transaction,
  by: LiveCaller,
  row: TenantRow,
  smtp: TenantSmtp | null | undefined,
): number | null {
  if (smtp === undefined) return row.relay_id
  if (smtp) return relays.override.put(transaction, by, row.id, row.relay_id, toRelay(row, smtp))
  if (row.relay_id !== null) relays.override.remove(transaction, by, row.relay_id)
  return null
}

/** Updates the rows in memory after the commit. */
function reload(
  { records, relays }: TenantContext,
  before: number | null,
  after: number | null,
): void {
  records.reload()
  for (const id of new Set([before, after])) if (id !== null) relays.override.reload(id)
}

function toWire({ relays }: TenantContext, row: TenantRow): Tenant {
  const relay = relays.override.get(row.relay_id)
  return {
    id: row.id,
    name: row.name,
    domain: row.domain,
    settings: { from_name: row.from_name, reply_to: row.reply_to },
    smtp: relay && {
      host: relay.host,
      port: relay.port,
      user: relay.username,
      tls: relay.tls,
      tls_verify: relay.tls_verify,
    },
    rate_limit: {
      requests_per_minute: row.requests_per_minute,
      emails_per_day: row.emails_per_day,
    },
    created_at: iso(row.created_at),
    updated_at: iso(row.updated_at),
  }
}

async function createTenant(
  context: TenantContext,
  caller: LiveCaller,
  { id: wanted, ...input }: NewTenant,
): Promise<Tenant> {
  const { clock, queue, statements } = context
  requireInstallation(caller, 'create tenants')
  const now = clock.now()
  const id = wanted ?? timeId('tenant', now)
  const row = await queue.write((transaction) => {
    if (statements.isTaken.get(id) !== undefined) {
      throw new Fault(
        'conflict',
        `The id ${id} is taken, or was a deleted tenant's. Choose another.`,
      )
    }
    const blank = {
      ...emptyTenant,
      id,
      name: input.name,
      requests_per_minute: caller.requestsPerMinute,
      emails_per_day: caller.emailsPerDay,
      created_at: now,
      updated_at: now,
    }
    const made = changed(blank, input, now)
    refuseWiderLimits(caller, limitsOf(made))
    const relay_id = input.smtp ? putRelay(context, transaction, caller, made, input.smtp) : null
    statements.insert.run({ ...made, relay_id })
    note(transaction, 'tenant.created', made, caller)
    return { ...made, relay_id }
  })
  reload(context, null, row.relay_id)
  return toWire(context, row)
}

async function updateTenant(
  context: TenantContext,
  caller: LiveCaller,
  id: string,
  change: TenantChange,
): Promise<Tenant> {
  const { queue, clock, statements } = context
  const before = find(context, caller, id)
  requireInstallation(caller, 'change tenants')
  const after = await queue.write((transaction) => {
    const row = changed(before, change, clock.now())
    if (change.rate_limit !== undefined) refuseWiderLimits(caller, limitsOf(row))
    const relay_id = putRelay(context, transaction, caller, row, change.smtp)
    statements.update.run({ ...row, relay_id })
    note(transaction, 'tenant.updated', row, caller)
    return { ...row, relay_id }
  })
  reload(context, before.relay_id, after.relay_id)
  return toWire(context, after)
}

async function readUsage(
  context: TenantContext,
  caller: LiveCaller,
  id: string,
  period?: string,
): Promise<TenantUsage> {
  const { clock, reader } = context
  const { id: tenantId } = find(context, caller, id)
  requirePermission(caller, 'usage:read')
  const month = period ?? iso(clock.now()).slice(0, 7)
  const start = Date.parse(`${month}-01T00:00:00Z`)
  const next = new Date(start)
  next.setUTCMonth(next.getUTCMonth() + 1)
  const span = [start / 60_000, next.getTime() / 60_000]
  const [requests, deliveries] = await Promise.all([
    reader.first<{ count: number }>(
      `SELECT coalesce(sum(requests), 0) AS count FROM usage_days
       WHERE minute >= ? AND minute < ? AND tenant_id = ?`,
      ...span,
      tenantId,
    ),
    reader.all<{ outcome: string; recipients: number }>(
      `SELECT outcome, sum(recipients) AS recipients FROM delivery_usage_days
       WHERE minute >= ? AND minute < ? AND tenant = ? GROUP BY outcome`,
      ...span,
      tenantId,
    ),
  ])
  const by = new Map(deliveries.map(({ outcome, recipients }) => [outcome, recipients]))
  const delivered = by.get('delivered') ?? 0
  const bounced = by.get('bounced') ?? 0
  return {
    tenant_id: tenantId,
    period: month,
    emails_sent: delivered + bounced,
    emails_delivered: delivered,
    emails_bounced: bounced,
    api_requests: requests?.count ?? 0,
  }
}

function listTenants(context: TenantContext, caller: Caller, { page, limit }: TenantQuery) {
  const { records } = context
  const all = records
    .all()
    .filter(({ id }) => isOfTenant(caller, id))
    .reverse()
  return {
    data: all
      .slice((page - 1) * limit, page * limit)
      .map((row: TenantRow): Tenant => toWire(context, row)),
    pagination: { page, limit, total: all.length },
  }
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: Database) {
  return {
    isTaken: database.prepare<[string], number>('SELECT 1 FROM tenants WHERE id = ?').pluck(),
    insert: database.prepare<unknown[]>(`
      INSERT INTO tenants (
        id, name, domain, from_name, reply_to, requests_per_minute, emails_per_day, relay_id,
        created_at, updated_at
      ) VALUES (
        @id, @name, @domain, @from_name, @reply_to, @requests_per_minute, @emails_per_day, @relay_id,
        @created_at, @updated_at
      )
    `),
    update: database.prepare<unknown[]>(`
      UPDATE tenants SET name = @name, domain = @domain, from_name = @from_name,
        reply_to = @reply_to, requests_per_minute = @requests_per_minute,
        emails_per_day = @emails_per_day, relay_id = @relay_id, updated_at = @updated_at
      WHERE id = @id
    `),
  }
}

const emptyTenant = {
  domain: null,
  from_name: null,
  reply_to: null,
  requests_per_minute: null,
  emails_per_day: null,
  relay_id: null,
}

/** A field that the change leaves out stays; null removes it. */
function changed(row: TenantRow, change: TenantChange, now: number): TenantRow {
  const { name, domain, settings, rate_limit: rates } = change
  const keep = <T>(value: T | undefined, known: T): T => (value === undefined ? known : value)
  return {
    ...row,
    name: name ?? row.name,
    domain: keep(domain, row.domain),
    from_name: settings === null ? null : keep(settings?.from_name, row.from_name),
    reply_to: settings === null ? null : keep(settings?.reply_to, row.reply_to),
    requests_per_minute:
      rates === null ? null : keep(rates?.requests_per_minute, row.requests_per_minute),
    emails_per_day: rates === null ? null : keep(rates?.emails_per_day, row.emails_per_day),
    updated_at: now,
  }
}

const limitsOf = (row: TenantRow) => ({
  requestsPerMinute: row.requests_per_minute,
  emailsPerDay: row.emails_per_day,
})

function toRelay({ name }: TenantRow, smtp: TenantSmtp): RelayOverride {
  const { host, port, user, pass, tls, tls_verify: verify } = smtp
  return {
    name,
    host,
    port,
    username: user ?? null,
    password: pass,
    tls: tls ?? (port === 465 ? 'implicit' : 'starttls'),
    tls_verify: verify ?? true,
    from_email: null,
    priority: 100,
  }
}
