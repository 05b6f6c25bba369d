import { request } from '../../app/request.ts'
import { currentQuery, useInbox } from './inbox-store.ts'

/** The number of messages in the whole list. Only a search needs a request. */
export async function countMatching(): Promise<number> {
  const { query, unread, inbox } = currentQuery()
  if (query) return (await request('GET /v1/inbox/count', { query: currentQuery() })).count
  const { inboxes } = useInbox.getState()
  return inboxes
    .filter(({ name }) => inbox === undefined || name === inbox)
    .reduce((sum, one) => sum + (unread ? one.unread : one.total), 0)
}
