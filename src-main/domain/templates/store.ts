import { Fault } from '../../contract/faults.ts'
import type { NewTemplate, TemplateQuery } from '../../contract/templates.ts'
import type { Database } from '../../storage/database.ts'
import type { Caller } from '../auth/caller.ts'
import type { TemplateRow, VersionRow } from './rows.ts'

export type TemplateStore = ReturnType<typeof createTemplateStore>

/** The statements of templates and their versions. Writes run inside a transaction. */
export function createTemplateStore(database: Database) {
  const statements = prepareStatements(database)

  return {
    /** By id, by the integer id of MailSage's dialect, or by name, as SelfMX's samples do. */
    find({ tenantId }: Caller, reference: string): TemplateRow {
      const number = /^\d{1,15}$/.test(reference) ? Number(reference) : -1
      const row = statements.byReference.get(reference, reference, number, tenantId, tenantId)
      if (row) return row
      throw new Fault('template_not_found', `There is no template ${reference.slice(0, 100)}.`)
    },

    list(caller: Caller, query: TemplateQuery) {
      const name = `%${(query.search ?? '').replace(/[\\%_]/g, '\\$&')}%`
      const active = query.active === undefined ? null : Number(query.active)
      const filter = [caller.tenantId, caller.tenantId, name, active, active] as const
      const rows = statements.page.all(...filter, query.limit, (query.page - 1) * query.limit)
      return { rows, total: statements.count.get(...filter) ?? 0 }
    },

    isNameTaken: (caller: Caller, name: string, ownId: number): boolean =>
      statements.isNameTaken.get(caller.tenantId ?? '', name, ownId) !== undefined,

    insert(publicId: string, caller: Caller, input: NewTemplate, now: number): number {
      const { lastInsertRowid } = statements.insert.run(
        publicId,
        caller.tenantId,
        caller.mode,
        input.engine,
        input.name,
        input.description,
        input.subject,
        input.html,
        input.text,
        JSON.stringify(input.variables),
        Number(input.active),
        now,
        now,
      )
      return Number(lastInsertRowid)
    },

    update(row: TemplateRow): void {
      statements.update.run(
        row.engine,
        row.name,
        row.description,
        row.subject,
        row.html,
        row.text,
        row.variables,
        row.active,
        row.version,
        row.updated_at,
        row.mode,
        row.id,
      )
    },

    /** Copies the current content to the versions, before an update. */
    storeVersion: (id: number): void => void statements.storeVersion.run(id),
    formerVersions: (id: number): VersionRow[] => statements.formerVersions.all(id),
    setUsed: (id: number, at: number): void => void statements.setUsed.run(at, id),
    archive: (id: number, at: number): void => void statements.archive.run(at, id),
    remove: (id: number): void => void statements.remove.run(id),
  }
}

function prepareStatements(database: Database) {
  const visible = '(? IS NULL OR tenant_id = ?) AND archived_at IS NULL'
  return {
    byReference: database.prepare<
      [string, string, string | number, string | null, string | null],
      TemplateRow
    >(`
      SELECT * FROM templates WHERE (public_id = ? OR name = ? OR id = ?) AND ${visible}
      ORDER BY id LIMIT 1
    `),
    page: database.prepare<
      [string | null, string | null, string, number | null, number | null, number, number],
      TemplateRow
    >(`
      SELECT * FROM templates
      WHERE ${visible} AND name LIKE ? ESCAPE '\\' AND (? IS NULL OR active = ?)
      ORDER BY id DESC LIMIT ? OFFSET ?
    `),
    count: database
      .prepare<[string | null, string | null, string, number | null, number | null], number>(`
        SELECT count(*) FROM templates
        WHERE ${visible} AND name LIKE ? ESCAPE '\\' AND (? IS NULL OR active = ?)
      `)
      .pluck(),
    insert: database.prepare(`
      INSERT INTO templates (
        public_id, tenant_id, mode, engine, name, description, subject, html, text, variables, active,
        created_at, updated_at
      ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    `),
    update: database.prepare(`
      UPDATE templates SET engine = ?, name = ?, description = ?, subject = ?, html = ?, text = ?, variables = ?,
        active = ?, version = ?, updated_at = ?, mode = ?
      WHERE id = ?
    `),
    storeVersion: database.prepare<[number]>(`
      INSERT INTO template_versions (
        template_id, version, engine, subject, html, text, variables, created_at
      )
      SELECT id, version, engine, subject, html, text, variables, updated_at FROM templates WHERE id = ?
    `),
    formerVersions: database.prepare<[number], VersionRow>(`
      SELECT version, engine, subject, html, text, variables, created_at
      FROM template_versions WHERE template_id = ? ORDER BY version DESC
    `),
    isNameTaken: database
      .prepare<[string, string, number], number>(`
        SELECT 1 FROM templates
        WHERE coalesce(tenant_id, '') = ? AND name = ? AND id <> ? AND archived_at IS NULL
      `)
      .pluck(),
    setUsed: database.prepare<[number, number]>('UPDATE templates SET used_at = ? WHERE id = ?'),
    archive: database.prepare<[number, number]>(
      'UPDATE templates SET archived_at = ? WHERE id = ?',
    ),
    remove: database.prepare<[number]>('DELETE FROM templates WHERE id = ?'),
  }
}
