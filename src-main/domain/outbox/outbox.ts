import type { Clock } from '../../base/clock.ts'
import type { OutboxList, OutboxQuery, OutboxSummary } from '../../contract/outbox.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import type { LiveCaller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { Relays } from '../relays/relays.ts'
import { listByIds, listMessages } from './list-outbox.ts'
import { listScheduled, noScheduled } from './list-scheduled.ts'
import { countByFilter, countDelivered, readQueue } from './outbox-summary.ts'
import type { RestoredQueue } from './restored-queue.ts'

export type Outbox = ReturnType<typeof createOutbox>

const dayMs = 86_400_000

type OutboxDeps = {
  readonly database: Database
  readonly reader: Reader
  readonly keys: Keys
  readonly relays: Relays
  readonly restoredQueue: RestoredQueue
  readonly clock: Clock
}

/** Live mail, newest first, by cursor. No query grows with the number of sent messages. */
export function createOutbox(deps: OutboxDeps) {
  const { database, reader, relays, restoredQueue, clock } = deps
  const lastId = database.prepare<[], number | null>('SELECT max(id) FROM messages').pluck()

  return {
    async list(caller: LiveCaller, query: OutboxQuery): Promise<OutboxList> {
      if (query.ids) {
        const data = await listByIds(deps, caller, query.ids)
        return { data, ...noScheduled, has_more: false, next_before: null }
      }
      if (query.scheduled_after !== undefined) {
        const scheduled = await listScheduled(deps, caller, query)
        return { data: [], ...scheduled, has_more: false, next_before: null }
      }
      const isFirst = query.before === undefined && query.after === undefined
      const scheduled = isFirst ? await listScheduled(deps, caller, query) : noScheduled
      return { ...(await listMessages(deps, caller, query, lastId.get() ?? 0)), ...scheduled }
    },

    async summary(caller: LiveCaller, since: string | undefined): Promise<OutboxSummary> {
      const { tenantId } = caller
      const now = clock.now()
      const begin = since ? Date.parse(since) : Math.floor(now / dayMs) * dayMs
      const delivered = await countDelivered(reader, tenantId, begin, now)
      return {
        counts: await countByFilter(reader, tenantId),
        queue: await readQueue(reader, tenantId),
        held_by_restore: restoredQueue.heldFor(tenantId),
        delivered_today: delivered,
        relays: relays.state(tenantId),
      }
    },
  }
}
