import { iso, isoOrNull } from '../../base/clock.ts'
import type { Relay, RelayConnection, RelayHealth, RelayTls } from '../../contract/relays.ts'

export type RelayRow = {
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
  readonly is_default: number
  readonly daily_limit: number | null
  readonly day: number
  readonly sent_today: number
  readonly oauth2_client_id: string | null
  readonly oauth2_access_url: string | null
  readonly oauth2_sealed: Buffer | null
  readonly dkim_domain: string | null
  readonly dkim_selector: string | null
  readonly dkim_public: string | null
  readonly dkim_sealed: Buffer | null
  readonly failures: number
  readonly verified_at: number | null
  readonly last_error: string | null
  readonly last_used_at: number | null
  readonly created_at: number
  readonly updated_at: number | null
}

/** The columns that a change of a relay sets. */
export type RelayColumns = Omit<
  RelayRow,
  | 'id'
  | 'source'
  | 'tenant_id'
  | 'day'
  | 'sent_today'
  | 'failures'
  | 'verified_at'
  | 'last_error'
  | 'last_used_at'
  | 'created_at'
  | 'updated_at'
>

export const relayId = (id: number): string => `relay_${id}`

const maxWarned = 3

export function healthOf({
  failures,
  verified_at: verifiedAt,
}: Pick<RelayRow, 'failures' | 'verified_at'>): RelayHealth {
  if (failures > maxWarned) return 'critical'
  if (failures > 0) return 'warning'
  return verifiedAt === null ? 'unknown' : 'healthy'
}

/** A relay with an unreadable secret fails for every message, so it counts as critical. */
export function toWire(
  row: RelayRow,
  sentToday: number,
  secretProblem: string | null,
  connection: RelayConnection,
): Relay {
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
    is_default: row.is_default === 1,
    daily_limit: row.daily_limit,
    tenant_id: row.tenant_id,
    has_password: row.password_sealed !== null,
    oauth2:
      row.oauth2_client_id === null
        ? null
        : { client_id: row.oauth2_client_id, access_url: row.oauth2_access_url ?? '' },
    dkim: toDkim(row),
    source: row.source,
    health: secretProblem === null ? healthOf(row) : 'critical',
    failures: secretProblem === null ? row.failures : Math.max(1, row.failures),
    last_error: secretProblem ?? row.last_error,
    connection,
    sent_today: sentToday,
    last_used_at: isoOrNull(row.last_used_at),
    created_at: iso(row.created_at),
    updated_at: iso(row.updated_at ?? row.created_at),
  }
}

function toDkim({ dkim_domain: domain, dkim_selector: selector, dkim_public: key }: RelayRow) {
  if (domain === null || selector === null) return null
  return { domain, selector, ...dkimRecord(domain, selector, key ?? '') }
}

/** DNS name and value of the public key (RFC 6376 §3.6.1). */
export const dkimRecord = (domain: string, selector: string, key: string) => ({
  dns_name: `${selector}._domainkey.${domain}`,
  dns_value: `v=DKIM1; k=rsa; p=${key}`,
})
