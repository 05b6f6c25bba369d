import { type Clock, iso } from '../../base/clock.ts'
import { timeId } from '../../base/ids.ts'
import { Fault } from '../../contract/faults.ts'
import type { NewSearch, SavedSearch, SearchChange } from '../../contract/messages.ts'
import { readQuery } from '../../contract/search.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Caller } from '../auth/caller.ts'

export type SavedSearches = ReturnType<typeof createSavedSearches>

type Row = {
  readonly id: number
  readonly public_id: string
  readonly name: string
  readonly query: string
  readonly created_at: number
}

const maxSearches = 200

type SearchDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
}

const columns = 'id, public_id, name, query, created_at'

type SearchContext = SearchDeps & {
  readonly statements: Statements
}

/** Named searches. A tenant sees its own; a caller without a tenant sees those without one. */
export function createSavedSearches(deps: SearchDeps) {
  const { database, clock } = deps
  const statements = prepareStatements(database)
  const context: SearchContext = { ...deps, statements }

  return {
    list: (caller: Caller): SavedSearch[] => statements.all.all(tenantOf(caller)).map(toWire),

    async create(caller: Caller, { name, query }: NewSearch): Promise<SavedSearch> {
      const tenant = tenantOf(caller)
      checkName(context, caller, name)
      checkQuery(query, clock.now())
      if (statements.all.all(tenant).length >= maxSearches) {
        throw new Fault(
          'conflict',
          `The limit of ${maxSearches} saved searches is reached. Delete one first.`,
        )
      }
      const now = clock.now()
      return write(context, caller, () =>
        row(statements.insert.get(timeId('search', now), tenant, name, query, now)),
      )
    },

    async change(caller: Caller, publicId: string, change: SearchChange): Promise<SavedSearch> {
      const known = find(context, caller, publicId)
      const { name = known.name, query = known.query } = change
      checkName(context, caller, name, known)
      checkQuery(query, clock.now())
      return write(context, caller, () => row(statements.update.get(name, query, known.id)))
    },

    async remove(caller: Caller, publicId: string): Promise<{ id: string; deleted: true }> {
      const known = find(context, caller, publicId)
      await write(context, caller, () => {
        statements.remove.run(known.id)
        return known
      })
      return { id: publicId, deleted: true }
    },
  }
}

function find({ statements }: SearchContext, caller: Caller, publicId: string): Row {
  const row = statements.one.get(tenantOf(caller), publicId)
  if (row) return row
  throw new Fault('not_found', `There is no saved search ${publicId}. It may have been deleted.`)
}

function checkName({ statements }: SearchContext, caller: Caller, name: string, own?: Row): void {
  const other = statements.byName.get(tenantOf(caller), name)
  if (!other || other.id === own?.id) return
  throw new Fault(
    'conflict',
    `A saved search named “${other.name}” already exists. Choose another name.`,
  )
}

function write({ queue }: SearchContext, caller: Caller, work: () => Row): Promise<SavedSearch> {
  return queue.write((transaction) => {
    const row = work()
    transaction.append({
      type: 'inbox.changed',
      tenantId: caller.tenantId,
      data: { change: 'searches' },
    })
    return toWire(row)
  })
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: Database) {
  return {
    all: database.prepare<[string], Row>(
      `SELECT ${columns} FROM saved_searches WHERE tenant = ? ORDER BY name`,
    ),
    one: database.prepare<[string, string], Row>(
      `SELECT ${columns} FROM saved_searches WHERE tenant = ? AND public_id = ?`,
    ),
    byName: database.prepare<[string, string], Row>(
      `SELECT ${columns} FROM saved_searches WHERE tenant = ? AND name = ?`,
    ),
    insert: database.prepare<[string, string, string, string, number], Row>(`
      INSERT INTO saved_searches (public_id, tenant, name, query, created_at)
      VALUES (?, ?, ?, ?, ?) RETURNING ${columns}
    `),
    update: database.prepare<[string, string, number], Row>(
      `UPDATE saved_searches SET name = ?, query = ? WHERE id = ? RETURNING ${columns}`,
    ),
    remove: database.prepare<[number]>('DELETE FROM saved_searches WHERE id = ?'),
  }
}

const tenantOf = ({ tenantId }: Caller): string => tenantId ?? ''

function checkQuery(query: string, now: number): void {
  const reading = readQuery(query, now)
  if (reading.type === 'query') return
  throw new Fault('invalid_parameter', `“query” cannot be read. ${reading.message}`)
}

function row(found: Row | undefined): Row {
  if (found) return found
  throw new Fault('not_found', 'The saved search was deleted in the meantime.')
}

function toWire({ public_id: id, name, query, created_at: createdAt }: Row): SavedSearch {
  return { id, name, query, created_at: iso(createdAt) }
}
