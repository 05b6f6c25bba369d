import { EventQuery } from '../../../contract/events.ts'
import { eventStream } from '../../event-stream.ts'
import { produces, route } from '../../route.ts'

export const eventRoutes = {
  'GET /v1/events': route({
    summary: 'Events as they happen (server-sent events); resume with `Last-Event-ID` or `after`',
    permission: 'logs:read',
    mode: 'both',
    isHeld: true,
    query: EventQuery,
    reply: produces('text/event-stream'),
    handle: ({ query, caller, domain, exchange }) =>
      eventStream(domain.events, caller, query, exchange),
  }),
}
