import { Readable } from 'node:stream'
import { Usage, UsageQuery } from '../../../contract/usage.ts'
import { Content, produces, route } from '../../route.ts'

export const usageRoutes = {
  'GET /v1/usage': route({
    summary: 'Requests and emails over time, by key, tenant, route and outcome',
    permission: 'usage:read',
    mode: 'both',
    query: UsageQuery,
    reply: Usage,
    handle: ({ query, caller, domain }) => domain.usage.read(caller, query),
  }),
  'GET /v1/usage.csv': route({
    summary: 'Usage as CSV, one line for each bucket, key, route and outcome',
    permission: 'usage:read',
    mode: 'both',
    query: UsageQuery,
    reply: produces('text/csv; charset=utf-8'),
    handle: ({ query, caller, domain }) =>
      new Content(
        'text/csv; charset=utf-8; header=present',
        Readable.from(domain.usage.export(caller, query)),
        { 'content-disposition': 'attachment; filename="usage.csv"' },
      ),
  }),
}
