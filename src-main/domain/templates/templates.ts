import type { Clock } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import type {
  NewTemplate,
  TemplateChange,
  TemplateQuery,
  TemplateVersion,
} from '../../contract/templates.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Caller } from '../auth/caller.ts'
import { changeTemplate, createTemplate, removeTemplate, requireMode } from './change-template.ts'
import {
  renderForSend,
  renderTemplate,
  requireVariables,
  type TemplateData,
  takeSnapshot,
} from './render-template.ts'
import type { Renderer, Use } from './rendering.ts'
import {
  type TemplateRow,
  type TemplateSnapshot,
  toSnapshot,
  toTemplate,
  toVersion,
} from './rows.ts'
import { createTemplateStore, type TemplateStore } from './store.ts'

export type Templates = ReturnType<typeof createTemplates>

type TemplateDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly renderer: Renderer
}

/** Templates with all their versions. */
export function createTemplates({ database, ...others }: TemplateDeps) {
  const store = createTemplateStore(database)
  const deps = { ...others, store }

  return {
    create: async (caller: Caller, input: NewTemplate) =>
      toTemplate(await createTemplate(deps, caller, input)),

    list(caller: Caller, query: TemplateQuery) {
      const { rows, total } = store.list(caller, query)
      return {
        data: rows.map(toTemplate),
        pagination: { page: query.page, limit: query.limit, total },
      }
    },

    get: (caller: Caller, reference: string) => toTemplate(store.find(caller, reference)),

    /** The integer id of MailSage's dialect. */
    rowId: (caller: Caller, reference: string): number => store.find(caller, reference).id,

    /** The same id, of a template that this caller may change. */
    changeableRowId(caller: Caller, reference: string): number {
      const row = store.find(caller, reference)
      requireMode(caller, row)
      return row.id
    },

    update: async (caller: Caller, reference: string, change: TemplateChange) =>
      toTemplate(await changeTemplate(deps, caller, store.find(caller, reference), change)),

    remove: async (caller: Caller, reference: string) =>
      removeTemplate(deps, caller, store.find(caller, reference)),

    test: (caller: Caller, reference: string, data: TemplateData) => {
      const use = { caller, purpose: 'preview' } as const
      return renderTemplate(deps.renderer, use, toSnapshot(store.find(caller, reference)), data)
    },

    versions: (caller: Caller, reference: string) =>
      versionsOf(store, store.find(caller, reference)),

    version: (caller: Caller, reference: string, version: number) =>
      versionOf(store, store.find(caller, reference), version),

    /** Makes an old version the newest one. The versions in between stay. */
    async revert(caller: Caller, reference: string, version: number) {
      const row = store.find(caller, reference)
      const { engine, subject, html, text, variables } = versionOf(store, row, version)
      const change = { engine, subject, html, text, variables }
      return toTemplate(await changeTemplate(deps, caller, row, change))
    },

    /** Refuses a batch before any message, if a recipient lacks a variable. */
    requireVariables(
      template: TemplateSnapshot,
      recipients: readonly {
        readonly email: string
        readonly variables?: TemplateData | undefined
      }[],
    ): void {
      for (const { email, variables } of recipients) {
        requireVariables(template, variables ?? {}, email)
      }
    },

    snapshot: (caller: Caller, reference: string) => takeSnapshot(deps, caller, reference),

    renderSnapshot: (use: Use, template: TemplateSnapshot, data: TemplateData, subject?: string) =>
      renderTemplate(deps.renderer, use, template, data, subject),

    renderForSend: (caller: Caller, reference: string, data: TemplateData, subject?: string) =>
      renderForSend(deps, caller, reference, data, subject),
  }
}

/** The current version first. */
function versionsOf(store: TemplateStore, row: TemplateRow): TemplateVersion[] {
  const current = toVersion({ ...row, created_at: row.updated_at }, true)
  return [current, ...store.formerVersions(row.id).map((former) => toVersion(former, false))]
}

function versionOf(store: TemplateStore, row: TemplateRow, version: number): TemplateVersion {
  const found = versionsOf(store, row).find((candidate) => candidate.version === version)
  if (found) return found
  throw new Fault('not_found', `The template “${row.name}” has no version ${version}.`)
}
