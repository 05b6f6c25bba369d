import type { Clock } from '../../base/clock.ts'
import { timeId } from '../../base/ids.ts'
import type { EventType } from '../../contract/events.ts'
import { Fault } from '../../contract/faults.ts'
import type { NewTemplate, TemplateChange } from '../../contract/templates.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Caller } from '../auth/caller.ts'
import type { Renderer } from './rendering.ts'
import type { TemplateRow } from './rows.ts'
import type { TemplateStore } from './store.ts'

type ChangeDeps = {
  readonly store: TemplateStore
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly renderer: Renderer
}

export async function createTemplate(
  { store, queue, clock, renderer }: ChangeDeps,
  caller: Caller,
  input: NewTemplate,
): Promise<TemplateRow> {
  requireContent(input)
  requireFreeName(store, caller, input.name, -1)
  await renderer.check(caller, input.engine, input)
  const now = clock.now()
  const publicId = timeId('tmpl', now)
  await queue.write((transaction) => {
    const id = store.insert(publicId, caller, input, now)
    audit(transaction, 'template.created', { id, tenant_id: caller.tenantId }, caller)
  })
  return store.find(caller, publicId)
}

/** A change of content stores the old content as a version. */
export async function changeTemplate(
  { store, queue, clock, renderer }: ChangeDeps,
  caller: Caller,
  row: TemplateRow,
  change: TemplateChange,
): Promise<TemplateRow> {
  requireMode(caller, row)
  const content = {
    subject: change.subject ?? row.subject,
    html: change.html === undefined ? row.html : change.html,
    text: change.text === undefined ? row.text : change.text,
  }
  const engine = change.engine ?? row.engine
  const variables = change.variables ? JSON.stringify(change.variables) : row.variables
  requireContent(content)
  if (change.name !== undefined) requireFreeName(store, caller, change.name, row.id)
  await renderer.check(caller, engine, content)
  const isNewVersion =
    engine !== row.engine ||
    content.subject !== row.subject ||
    content.html !== row.html ||
    content.text !== row.text ||
    variables !== row.variables
  await queue.write((transaction) => {
    if (isNewVersion) store.storeVersion(row.id)
    store.update({
      ...row,
      ...content,
      engine,
      variables,
      name: change.name ?? row.name,
      description: change.description === undefined ? row.description : change.description,
      active: change.active === undefined ? row.active : Number(change.active),
      version: isNewVersion ? row.version + 1 : row.version,
      updated_at: clock.now(),
      mode: caller.mode === 'live' ? 'live' : row.mode,
    })
    audit(transaction, 'template.updated', row, caller)
  })
  return store.find(caller, row.public_id)
}

/** A used template is archived, because messages refer to it; an unused one is deleted. */
export async function removeTemplate(
  { store, queue, clock }: ChangeDeps,
  caller: Caller,
  row: TemplateRow,
): Promise<{ id: string; deleted: true; archived: boolean }> {
  requireMode(caller, row)
  const isUsed = row.used_at !== null
  await queue.write((transaction) => {
    if (isUsed) store.archive(row.id, clock.now())
    else store.remove(row.id)
    audit(transaction, 'template.deleted', row, caller)
  })
  return { id: row.public_id, deleted: true, archived: isUsed }
}

/** Live mail may use the template of a live key, so a test key may not change it. */
export function requireMode(caller: Caller, { name, mode }: TemplateRow): void {
  if (caller.mode === 'live' || mode === 'test') return
  throw new Fault(
    'insufficient_permissions',
    `The template “${name}” was saved by a live key, so a test key may not change or delete it. Use a live key, or create another template.`,
    { mode: caller.mode },
  )
}

function requireFreeName(store: TemplateStore, caller: Caller, name: string, ownId: number): void {
  if (!store.isNameTaken(caller, name, ownId)) return
  throw new Fault('conflict', `A template named “${name}” already exists. Choose another name.`)
}

function requireContent({ html, text }: { html: string | null; text: string | null }): void {
  if (html !== null || text !== null) return
  throw new Fault('missing_required', 'The template has no content. Set “html”, “text”, or both.', {
    field: 'html',
  })
}

function audit(
  transaction: Transaction,
  type: EventType,
  row: { readonly id: number; readonly tenant_id: string | null },
  caller: Caller,
): void {
  transaction.append({
    type,
    tenantId: row.tenant_id,
    data: { template: row.id, by: caller.publicId },
  })
}
