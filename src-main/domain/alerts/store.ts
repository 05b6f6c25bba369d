import { iso, isoOrNull } from '../../base/clock.ts'
import type { Alert, AlertRuleName, Severity } from '../../contract/alerts.ts'
import type { Database } from '../../storage/database.ts'
import type { Finding } from './findings.ts'

export type AlertStore = ReturnType<typeof createAlertStore>

export type AlertRow = {
  readonly id: number
  readonly public_id: string
  readonly rule: AlertRuleName
  readonly severity: Severity
  readonly about: string
  readonly subject: string
  readonly subject_name: string
  readonly tenant_id: string | null
  readonly figures: string
  readonly message: string
  readonly raised_at: number
  readonly cleared_at: number | null
  readonly acknowledged_at: number | null
  readonly acknowledged_by: string | null
}

/** The statements of alerts. Writes run inside a transaction. */
export function createAlertStore(database: Database) {
  const open = database.prepare<[], AlertRow>(
    'SELECT * FROM alerts WHERE cleared_at IS NULL ORDER BY id',
  )
  const byPublicId = database.prepare<[string], AlertRow>(
    'SELECT * FROM alerts WHERE public_id = ?',
  )
  const insert = database.prepare(`
    INSERT INTO alerts (
      public_id, rule, severity, about, subject, subject_name, tenant_id, figures, message, raised_at
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  `)
  const setWorse = database.prepare<[Severity, string, string, number]>(`
    UPDATE alerts SET severity = ?, figures = ?, message = ?, acknowledged_at = NULL,
      acknowledged_by = NULL
    WHERE id = ?
  `)
  const setCleared = database.prepare<[number, number]>(
    'UPDATE alerts SET cleared_at = ? WHERE id = ?',
  )
  const setAcknowledged = database.prepare<[number, string, number]>(
    'UPDATE alerts SET acknowledged_at = ?, acknowledged_by = ? WHERE id = ?',
  )

  return {
    open: (): AlertRow[] => open.all(),
    byPublicId: (publicId: string): AlertRow | undefined => byPublicId.get(publicId),

    insert(publicId: string, finding: Finding, at: number): void {
      insert.run(
        publicId,
        finding.rule,
        finding.severity,
        finding.about,
        finding.subject,
        finding.subjectName,
        finding.tenantId,
        JSON.stringify(finding.figures),
        finding.message,
        at,
      )
    },

    /** Also removes the acknowledgement. */
    setWorse: (id: number, { severity, figures, message }: Finding): void =>
      void setWorse.run(severity, JSON.stringify(figures), message, id),

    setCleared: (id: number, at: number): void => void setCleared.run(at, id),
    setAcknowledged: (id: number, at: number, by: string): void =>
      void setAcknowledged.run(at, by, id),
  }
}

export function toAlert(row: AlertRow): Alert {
  return {
    id: row.public_id,
    rule: row.rule,
    severity: row.severity,
    state: row.cleared_at === null ? 'open' : 'cleared',
    subject: row.subject,
    subject_name: row.subject_name,
    tenant_id: row.tenant_id,
    figures: JSON.parse(row.figures) as Alert['figures'],
    message: row.message,
    raised_at: iso(row.raised_at),
    cleared_at: isoOrNull(row.cleared_at),
    acknowledged_at: isoOrNull(row.acknowledged_at),
    acknowledged_by: row.acknowledged_by,
  }
}
