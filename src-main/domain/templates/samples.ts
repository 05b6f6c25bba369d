import { type Clock, iso } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import type { TemplateSample } from '../../contract/templates.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Caller } from '../auth/caller.ts'
import type { Templates } from './templates.ts'

export type TemplateSamples = ReturnType<typeof createTemplateSamples>

type SampleRow = { readonly name: string; readonly data: string; readonly updated_at: number }

const maxPerTemplate = 50
const maxDataLength = 100_000

type SampleDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly templates: Templates
}

/** Data sets to preview a template with, visible to every caller that sees the template. */
export function createTemplateSamples({ database, queue, clock, templates }: SampleDeps) {
  const all = database.prepare<[number], SampleRow>(
    'SELECT name, data, updated_at FROM template_samples WHERE template_id = ? ORDER BY name',
  )
  const upsert = database.prepare<[number, string, string, number]>(`
    INSERT INTO template_samples (template_id, name, data, updated_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (template_id, name) DO UPDATE
    SET data = excluded.data, updated_at = excluded.updated_at
  `)
  const remove = database.prepare<[number, string]>(
    'DELETE FROM template_samples WHERE template_id = ? AND name = ?',
  )

  return {
    list: (caller: Caller, reference: string): TemplateSample[] =>
      all.all(templates.rowId(caller, reference)).map(toWire),

    async put(
      caller: Caller,
      reference: string,
      name: string,
      data: Readonly<Record<string, unknown>>,
    ): Promise<TemplateSample> {
      const id = templates.changeableRowId(caller, reference)
      const row = { name, data: JSON.stringify(data), updated_at: clock.now() }
      if (row.data.length > maxDataLength) {
        throw new Fault('invalid_parameter', '“data” may have at most 100,000 characters.', {
          field: 'data',
        })
      }
      await queue.write(() => {
        const others = all.all(id).filter((other) => other.name !== name)
        if (others.length >= maxPerTemplate) {
          throw new Fault(
            'conflict',
            `The limit of ${maxPerTemplate} data sets per template is reached. Delete one first.`,
          )
        }
        upsert.run(id, name, row.data, row.updated_at)
      })
      return toWire(row)
    },

    async remove(
      caller: Caller,
      reference: string,
      name: string,
    ): Promise<{ name: string; deleted: true }> {
      const id = templates.changeableRowId(caller, reference)
      const { changes } = await queue.write(() => remove.run(id, name))
      if (changes === 0) {
        throw new Fault('not_found', `The template has no data set “${name}”.`)
      }
      return { name, deleted: true }
    },
  }
}

function toWire({ name, data, updated_at }: SampleRow): TemplateSample {
  return { name, data: JSON.parse(data) as Record<string, unknown>, updated_at: iso(updated_at) }
}
