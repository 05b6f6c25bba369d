import { Extract, WaitedMessage, WaitQuery } from '../../../contract/wait.ts'
import { route } from '../../route.ts'
import { Id } from './shapes.ts'

export const waitRoutes = {
  'GET /v1/inbox/wait': route({
    summary:
      'Wait for a message and return its links and one-time codes; 408 lists the messages that arrived',
    permission: 'inbox:read',
    mode: 'test',
    isHeld: true,
    query: WaitQuery,
    reply: WaitedMessage,
    faults: ['request_timeout', 'not_found'],
    handle: ({ query, caller, domain, exchange }) =>
      domain.waits.next(caller, query, exchange.signal),
  }),
  'GET /v1/inbox/{id}/extract': route({
    summary: 'The links and one-time codes of a captured message',
    permission: 'inbox:read',
    mode: 'test',
    params: Id,
    reply: Extract,
    faults: ['not_found', 'message_unreadable'],
    handle: ({ params, caller, domain }) => domain.extracts.of(caller, params.id),
  }),
}
