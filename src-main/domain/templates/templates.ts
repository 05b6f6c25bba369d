import { type Clock, iso, isoOrNull } from '../../base/clock.ts'
import { timeId } from '../../base/ids.ts'
import type { EventType } from '../../contract/events.ts'
import { Fault } from '../../contract/faults.ts'
import type { KeyMode } from '../../contract/keys.ts'
import type {
  NewTemplate,
  Rendered,
  Template,
  TemplateChange,
  TemplateEngine,
  TemplateQuery,
  TemplateVersion,
} from '../../contract/templates.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Caller } from '../auth/caller.ts'
import type { Renderer, Use } from './rendering.ts'

export type Templates = ReturnType<typeof createTemplates>

type TemplateRow = {
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

/** A version of a template that a job keeps, so that later changes do not reach its mail. */
export type TemplateSnapshot = {
  readonly name: string
  readonly engine: TemplateEngine
  readonly subject: string
  readonly html: string | null
  readonly text: string | null
  readonly variables: readonly string[]
}

type VersionRow = Pick<
  TemplateRow,
  'version' | 'subject' | 'html' | 'text' | 'variables' | 'created_at'
>

type Data = Readonly<Record<string, unknown>>

/** A send must not pay for a write each time only to say when the last one was. */
const usedEveryMs = 60_000

type TemplateDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly renderer: Renderer
}

/** Templates: kept with every version they had, rendered for a send or a look. */
export function createTemplates({ database, queue, clock, renderer }: TemplateDeps) {
  const visible = '(? IS NULL OR tenant_id = ?) AND archived_at IS NULL'
  const byName = database.prepare<
    [string, string, string | number, string | null, string | null],
    TemplateRow
  >(`
    SELECT * FROM templates WHERE (public_id = ? OR name = ? OR id = ?) AND ${visible}
    ORDER BY id LIMIT 1
  `)
  const page = database.prepare<
    [string | null, string | null, string, number | null, number | null, number, number],
    TemplateRow
  >(`
    SELECT * FROM templates
    WHERE ${visible} AND name LIKE ? ESCAPE '\\' AND (? IS NULL OR active = ?)
    ORDER BY id DESC LIMIT ? OFFSET ?
  `)
  const count = database
    .prepare<[string | null, string | null, string, number | null, number | null], number>(`
      SELECT count(*) FROM templates
      WHERE ${visible} AND name LIKE ? ESCAPE '\\' AND (? IS NULL OR active = ?)
    `)
    .pluck()
  const insert = database.prepare(`
    INSERT INTO templates (
      public_id, tenant_id, mode, engine, name, description, subject, html, text, variables, active,
      created_at, updated_at
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  `)
  const update = database.prepare(`
    UPDATE templates SET name = ?, description = ?, subject = ?, html = ?, text = ?, variables = ?,
      active = ?, version = ?, updated_at = ?, mode = ?
    WHERE id = ?
  `)
  const keepVersion = database.prepare<[number]>(`
    INSERT INTO template_versions (template_id, version, subject, html, text, variables, created_at)
    SELECT id, version, subject, html, text, variables, updated_at FROM templates WHERE id = ?
  `)
  const formerVersions = database.prepare<[number], VersionRow>(`
    SELECT version, subject, html, text, variables, created_at
    FROM template_versions WHERE template_id = ? ORDER BY version DESC
  `)
  const isNameTaken = database
    .prepare<[string, string, number], number>(`
      SELECT 1 FROM templates
      WHERE coalesce(tenant_id, '') = ? AND name = ? AND id <> ? AND archived_at IS NULL
    `)
    .pluck()
  const setUsed = database.prepare<[number, number]>(
    'UPDATE templates SET used_at = ? WHERE id = ?',
  )
  const archive = database.prepare<[number, number]>(
    'UPDATE templates SET archived_at = ? WHERE id = ?',
  )
  const remove = database.prepare<[number]>('DELETE FROM templates WHERE id = ?')

  /** By id, by MailSage's whole number, or by name: SelfMX's samples call a template by its name. */
  function find(caller: Caller, reference: string): TemplateRow {
    const number = /^\d{1,15}$/.test(reference) ? Number(reference) : -1
    const row = byName.get(reference, reference, number, caller.tenantId, caller.tenantId)
    if (row) return row
    throw new Fault('template_not_found', `There is no template ${reference.slice(0, 100)}.`)
  }

  function findActive(caller: Caller, reference: string): TemplateRow {
    const row = find(caller, reference)
    if (row.active !== 0) return row
    throw new Fault('template_not_found', `The template “${row.name}” is switched off.`)
  }

  async function markUsed({ id, used_at: usedAt }: TemplateRow): Promise<void> {
    const now = clock.now()
    if (usedAt !== null && now - usedAt <= usedEveryMs) return
    await queue.write(() => void setUsed.run(now, id))
  }

  function refuseTaken(caller: Caller, name: string, id: number): void {
    if (isNameTaken.get(caller.tenantId ?? '', name, id) === undefined) return
    throw new Fault('conflict', `There is a template named “${name}” already. Choose another name.`)
  }

  /** Live mail is made of it: that is not for a test key to change. */
  function refuseLive(caller: Caller, { name, mode }: TemplateRow): void {
    if (caller.mode === 'live' || mode === 'test') return
    throw new Fault(
      'insufficient_permissions',
      `The template “${name}” was saved by a live key, so a test key may not change or delete it. Use a live key, or create another template.`,
      { mode: caller.mode },
    )
  }

  function refuseEmpty({ html, text }: { html: string | null; text: string | null }): void {
    if (html !== null || text !== null) return
    throw new Fault(
      'missing_required',
      'The template has no content. Give “html”, “text”, or both.',
      {
        field: 'html',
      },
    )
  }

  const note = (
    type: EventType,
    row: { id: number; tenant_id: string | null },
    caller: Caller,
  ) => ({
    type,
    tenantId: row.tenant_id,
    data: { template: row.id, by: caller.publicId },
  })

  async function change(
    caller: Caller,
    row: TemplateRow,
    next: TemplateChange,
  ): Promise<TemplateRow> {
    refuseLive(caller, row)
    const content = {
      subject: next.subject ?? row.subject,
      html: next.html === undefined ? row.html : next.html,
      text: next.text === undefined ? row.text : next.text,
    }
    const variables = next.variables ? JSON.stringify(next.variables) : row.variables
    refuseEmpty(content)
    if (next.name !== undefined) refuseTaken(caller, next.name, row.id)
    await renderer.check(caller, row.engine, content)
    const isNew =
      content.subject !== row.subject ||
      content.html !== row.html ||
      content.text !== row.text ||
      variables !== row.variables
    await queue.write((transaction) => {
      if (isNew) keepVersion.run(row.id)
      update.run(
        next.name ?? row.name,
        next.description === undefined ? row.description : next.description,
        content.subject,
        content.html,
        content.text,
        variables,
        next.active === undefined ? row.active : Number(next.active),
        isNew ? row.version + 1 : row.version,
        clock.now(),
        caller.mode === 'live' ? 'live' : row.mode,
        row.id,
      )
      transaction.append(note('template.updated', row, caller))
    })
    return find(caller, row.public_id)
  }

  function versionsOf(row: TemplateRow): TemplateVersion[] {
    const current = toVersion({ ...row, created_at: row.updated_at }, true)
    return [current, ...formerVersions.all(row.id).map((former) => toVersion(former, false))]
  }

  function versionOf(row: TemplateRow, version: number): TemplateVersion {
    const found = versionsOf(row).find((candidate) => candidate.version === version)
    if (found) return found
    throw new Fault('not_found', `The template “${row.name}” has no version ${version}.`)
  }

  function refuseMissing(template: TemplateSnapshot, data: Data, email?: string): void {
    const missing = missingFrom(data, template.variables)
    if (missing.length === 0) return
    throw new Fault(
      'template_variable_error',
      email === undefined
        ? `Missing required variables: ${missing.join(', ')}. The template “${template.name}” needs them.`
        : `Invalid variables for ${email}: missing ${missing.join(', ')}.`,
      { missing_variables: missing, ...(email === undefined ? {} : { recipient: email }) },
    )
  }

  async function render(
    use: Use,
    template: TemplateSnapshot,
    data: Data,
    subject?: string,
  ): Promise<Rendered> {
    refuseMissing(template, data)
    const { html, text } = template
    const source = { subject: subject ?? template.subject, html, text }
    return renderer.renderWhole(use, template.engine, source, data)
  }

  return {
    async create(caller: Caller, input: NewTemplate) {
      refuseEmpty(input)
      refuseTaken(caller, input.name, -1)
      await renderer.check(caller, input.engine, input)
      const now = clock.now()
      const publicId = timeId('tmpl', now)
      await queue.write((transaction) => {
        const { lastInsertRowid } = insert.run(
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
        const made = { id: Number(lastInsertRowid), tenant_id: caller.tenantId }
        transaction.append(note('template.created', made, caller))
      })
      return toWire(find(caller, publicId))
    },

    list(caller: Caller, query: TemplateQuery) {
      const name = `%${(query.search ?? '').replace(/[\\%_]/g, '\\$&')}%`
      const active = query.active === undefined ? null : Number(query.active)
      const filter = [caller.tenantId, caller.tenantId, name, active, active] as const
      const rows = page.all(...filter, query.limit, (query.page - 1) * query.limit)
      return {
        data: rows.map(toWire),
        pagination: { page: query.page, limit: query.limit, total: count.get(...filter) ?? 0 },
      }
    },

    get: (caller: Caller, reference: string) => toWire(find(caller, reference)),

    /** The whole number that MailSage knows a template by. */
    numberOf: (caller: Caller, reference: string): number => find(caller, reference).id,

    /** The same number, of a template that this caller may change. */
    changeableNumber(caller: Caller, reference: string): number {
      const row = find(caller, reference)
      refuseLive(caller, row)
      return row.id
    },

    update: async (caller: Caller, reference: string, next: TemplateChange) =>
      toWire(await change(caller, find(caller, reference), next)),

    /** What was used stays, out of sight, for the messages that were made of it. */
    async remove(
      caller: Caller,
      reference: string,
    ): Promise<{ id: string; deleted: true; archived: boolean }> {
      const row = find(caller, reference)
      refuseLive(caller, row)
      const isUsed = row.used_at !== null
      await queue.write((transaction) => {
        if (isUsed) archive.run(clock.now(), row.id)
        else remove.run(row.id)
        transaction.append(note('template.deleted', row, caller))
      })
      return { id: row.public_id, deleted: true, archived: isUsed }
    },

    test: (caller: Caller, reference: string, data: Data) =>
      render({ caller, purpose: 'preview' }, snapshotOf(find(caller, reference)), data),

    versions: (caller: Caller, reference: string) => versionsOf(find(caller, reference)),
    version: (caller: Caller, reference: string, version: number) =>
      versionOf(find(caller, reference), version),

    /** Makes a new version of an old one; what is in between stays. */
    async revert(caller: Caller, reference: string, version: number) {
      const row = find(caller, reference)
      const { subject, html, text, variables } = versionOf(row, version)
      return toWire(await change(caller, row, { subject, html, text, variables }))
    },

    /** Refuses a batch in which a recipient lacks a variable, before any of it is accepted. */
    requireVariables(
      template: TemplateSnapshot,
      recipients: readonly { readonly email: string; readonly variables?: Data | undefined }[],
    ): void {
      for (const { email, variables } of recipients) refuseMissing(template, variables ?? {}, email)
    },

    /** The current version, for mail that is composed later. Marks the template as used. */
    async snapshot(caller: Caller, reference: string): Promise<TemplateSnapshot> {
      const row = findActive(caller, reference)
      await markUsed(row)
      return snapshotOf(row)
    },

    renderSnapshot: render,

    /**
     * Renders for a send. The request's subject goes before the template's; both are rendered.
     * Marks the template as used.
     */
    async forSend(
      caller: Caller,
      reference: string,
      data: Data,
      subject?: string,
    ): Promise<Rendered> {
      const row = findActive(caller, reference)
      const made = await render({ caller, purpose: 'send' }, snapshotOf(row), data, subject)
      await markUsed(row)
      return made
    },
  }
}

/** Which of the declared variables the data does not give. */
export function missingFrom(data: Data, variables: readonly string[]): string[] {
  return variables.filter((name) => valueAt(data, name) === undefined)
}

function valueAt(data: Data, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Data)[name]
          : undefined,
      data,
    )
}

function snapshotOf({ name, engine, subject, html, text, variables }: TemplateRow) {
  const names = JSON.parse(variables) as string[]
  return { name, engine, subject, html, text, variables: names } satisfies TemplateSnapshot
}

function toWire(row: TemplateRow): Template {
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

function toVersion(row: VersionRow, isCurrent: boolean): TemplateVersion {
  return {
    version: row.version,
    subject: row.subject,
    html: row.html,
    text: row.text,
    variables: JSON.parse(row.variables) as string[],
    created_at: iso(row.created_at),
    is_current: isCurrent,
  }
}
