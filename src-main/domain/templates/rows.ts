import { iso, isoOrNull } from '../../base/clock.ts'
import type { KeyMode } from '../../contract/keys.ts'
import type { Template, TemplateEngine, TemplateVersion } from '../../contract/templates.ts'

export type TemplateRow = {
  readonly id: number
  readonly public_id: string
  readonly tenant_id: string | null
  readonly mode: KeyMode
  readonly engine: TemplateEngine
  readonly name: string
  readonly description: string | null
  readonly subject: string
  readonly html: string | null
  readonly text: string | null
  readonly variables: string
  readonly active: number
  readonly version: number
  readonly used_at: number | null
  readonly created_at: number
  readonly updated_at: number
}

/** A version of a template that a job stores, so that later changes do not affect its mail. */
export type TemplateSnapshot = {
  readonly name: string
  readonly engine: TemplateEngine
  readonly subject: string
  readonly html: string | null
  readonly text: string | null
  readonly variables: readonly string[]
}

export type VersionRow = Pick<
  TemplateRow,
  'version' | 'engine' | 'subject' | 'html' | 'text' | 'variables' | 'created_at'
>

export function toSnapshot(row: TemplateRow): TemplateSnapshot {
  const { name, engine, subject, html, text, variables } = row
  return { name, engine, subject, html, text, variables: JSON.parse(variables) as string[] }
}

export function toTemplate(row: TemplateRow): Template {
  return {
    id: row.public_id,
    name: row.name,
    subject: row.subject,
    html: row.html,
    text: row.text,
    description: row.description,
    variables: JSON.parse(row.variables) as string[],
    active: row.active === 1,
    engine: row.engine,
    version: row.version,
    last_used_at: isoOrNull(row.used_at),
    created_at: iso(row.created_at),
    updated_at: iso(row.updated_at),
  }
}

export function toVersion(row: VersionRow, isCurrent: boolean): TemplateVersion {
  return {
    version: row.version,
    engine: row.engine,
    subject: row.subject,
    html: row.html,
    text: row.text,
    variables: JSON.parse(row.variables) as string[],
    created_at: iso(row.created_at),
    is_current: isCurrent,
  }
}
