import { request } from '../../app/request.ts'
import { currentQuery, useInbox } from './inbox-store.ts'

/** How many messages the list would show to its end. Only a search has to be counted. */
export async function countMatching(): Promise<number> {
  const { query, unread, inbox } = currentQuery()
  if (query) return (await request('GET /v1/inbox/count', { query: currentQuery() })).count
  const { inboxes } = useInbox.getState()
  return inboxes
    .filter(({ name }) => inbox === undefined || name === inbox)
    .reduce((sum, one) => sum + (unread ? one.unread : one.total), 0)
}
