import { Usage, UsageQuery } from '../../../../contract/usage.ts'
import { route } from '../../route.ts'

export const usageRoutes = {
  'GET /v1/usage': route({
    summary: 'Requests and emails over time, by key, route and outcome',
    permission: 'usage:read',
    query: UsageQuery,
    reply: Usage,
    handle: ({ query, caller, domain }) => domain.usage.read(caller, query),
  }),
}
