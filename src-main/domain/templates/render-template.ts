import type { Clock } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import type { Rendered } from '../../contract/templates.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Caller } from '../auth/caller.ts'
import type { Renderer, Use } from './rendering.ts'
import { type TemplateRow, type TemplateSnapshot, toSnapshot } from './rows.ts'
import type { TemplateStore } from './store.ts'

export type TemplateData = Readonly<Record<string, unknown>>

/** The time of last use is this exact, so that most sends need no extra write. */
const usedEveryMs = 60_000

type RenderDeps = {
  readonly store: TemplateStore
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly renderer: Renderer
}

/**
 * Renders for a send and marks the template as used. The subject of the request replaces the
 * template's; either is rendered.
 */
export async function renderForSend(
  deps: RenderDeps,
  caller: Caller,
  reference: string,
  data: TemplateData,
  subject?: string,
): Promise<Rendered> {
  const row = findActive(deps.store, caller, reference)
  const use = { caller, purpose: 'send' } as const
  const rendered = await renderTemplate(deps.renderer, use, toSnapshot(row), data, subject)
  await markUsed(deps, row)
  return rendered
}

/** The current version, for mail that is composed later. Marks the template as used. */
export async function takeSnapshot(
  deps: RenderDeps,
  caller: Caller,
  reference: string,
): Promise<TemplateSnapshot> {
  const row = findActive(deps.store, caller, reference)
  await markUsed(deps, row)
  return toSnapshot(row)
}

function findActive(store: TemplateStore, caller: Caller, reference: string): TemplateRow {
  const row = store.find(caller, reference)
  if (row.active !== 0) return row
  throw new Fault('template_not_found', `The template “${row.name}” is inactive.`)
}

async function markUsed(
  { store, queue, clock }: RenderDeps,
  { id, used_at: usedAt }: TemplateRow,
): Promise<void> {
  const now = clock.now()
  if (usedAt !== null && now - usedAt <= usedEveryMs) return
  await queue.write(() => store.setUsed(id, now))
}

export async function renderTemplate(
  renderer: Renderer,
  use: Use,
  template: TemplateSnapshot,
  data: TemplateData,
  subject?: string,
): Promise<Rendered> {
  requireVariables(template, data)
  const { html, text } = template
  const source = { subject: subject ?? template.subject, html, text }
  return renderer.renderWhole(use, template.engine, source, data)
}

/** Refuses data that lacks a declared variable; `recipient` is named in the refusal of a batch. */
export function requireVariables(
  template: TemplateSnapshot,
  data: TemplateData,
  recipient?: string,
): void {
  const missing = missingVariables(data, template.variables)
  if (missing.length === 0) return
  throw new Fault(
    'template_variable_error',
    recipient === undefined
      ? `Missing required variables: ${missing.join(', ')}. The template “${template.name}” needs them.`
      : `Invalid variables for ${recipient}: missing ${missing.join(', ')}.`,
    { missing_variables: missing, ...(recipient === undefined ? {} : { recipient }) },
  )
}

export function missingVariables(data: TemplateData, variables: readonly string[]): string[] {
  return variables.filter((name) => valueAt(data, name) === undefined)
}

function valueAt(data: TemplateData, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as TemplateData)[name]
          : undefined,
      data,
    )
}
