import { z } from 'zod'
import { LogEntryDetail, LogList, LogQuery, Transcript } from '../../../contract/logs.ts'
import { route } from '../../route.ts'
import { Id } from './shapes.ts'

export const logRoutes = {
  'GET /v1/logs': route({
    summary: 'The access log, the audit log, and the events of an email (`email_id`)',
    permission: 'logs:read',
    mode: 'both',
    query: LogQuery,
    reply: LogList,
    handle: ({ query, caller, domain }) => domain.logs.list(caller, query),
  }),
  'GET /v1/logs/{id}': route({
    summary: 'One entry of the log, with its SMTP transcript if there is one',
    permission: 'logs:read',
    mode: 'both',
    params: z.object({ id: z.coerce.number().int().min(1) }),
    reply: LogEntryDetail,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.logs.get(caller, params.id),
  }),
  'GET /v1/inbox/{id}/transcript': route({
    summary: 'The SMTP transcript of a captured message, with masked credentials',
    permission: 'inbox:read',
    mode: 'test',
    params: Id,
    reply: Transcript,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.logs.transcript(caller, params.id),
  }),
}
