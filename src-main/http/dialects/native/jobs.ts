import { isoOrNull } from '../../../base/clock.ts'
import {
  BatchJob,
  JobDeliveries,
  JobDeliveryQuery,
  type JobDeliveryStatus,
  JobId,
  JobList,
  JobQuery,
} from '../../../contract/jobs.ts'
import { route } from '../../route.ts'

/** Routes of jobs. MailSage's dialect has the same jobs. */
export const jobRoutes = {
  'GET /v1/jobs': route({
    summary: 'List jobs with their progress, newest first',
    permission: 'logs:read',
    mode: 'both',
    query: JobQuery,
    reply: JobList,
    handle: ({ query, caller, domain }) =>
      domain.jobs.page(caller, { ...query, active: query.active === 'true' }),
  }),
  'GET /v1/jobs/{id}': route({
    summary: 'One job with its progress',
    permission: 'logs:read',
    mode: 'both',
    params: JobId,
    reply: BatchJob,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.jobs.get(caller, params.id),
  }),
  'GET /v1/jobs/{id}/deliveries': route({
    summary: 'The status of each recipient of a job',
    permission: 'logs:read',
    mode: 'both',
    params: JobId,
    query: JobDeliveryQuery,
    reply: JobDeliveries,
    faults: ['not_found'],
    handle: async ({ params, query, caller, domain }) => {
      const { page, limit, status } = query
      const span = { status, limit, offset: (page - 1) * limit }
      const { rows, total } = await domain.jobs.recipients(caller, params.id, span)
      return {
        data: rows.map(({ tracking_id, last_attempt_at, status: state, ...row }) => ({
          ...row,
          // The statement names no other.
          status: state as JobDeliveryStatus,
          email_id: tracking_id,
          last_attempt_at: isoOrNull(last_attempt_at),
        })),
        pagination: { page, limit, total },
      }
    },
  }),
  'POST /v1/jobs/{id}/pause': route({
    summary: 'Pause a job; messages in delivery are still sent',
    permission: 'send',
    mode: 'both',
    params: JobId,
    reply: BatchJob,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.jobs.act(caller, params.id, 'pause'),
  }),
  'POST /v1/jobs/{id}/resume': route({
    summary: 'Resume a paused job',
    permission: 'send',
    mode: 'both',
    params: JobId,
    reply: BatchJob,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.jobs.act(caller, params.id, 'resume'),
  }),
  'POST /v1/jobs/{id}/stop': route({
    summary: 'Stop a job permanently and cancel its unsent messages',
    permission: 'send',
    mode: 'both',
    params: JobId,
    reply: BatchJob,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.jobs.act(caller, params.id, 'stop'),
  }),
  'POST /v1/jobs/{id}/retry': route({
    summary: 'Retry the failed recipients of a job',
    permission: 'send',
    mode: 'both',
    params: JobId,
    reply: BatchJob,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.jobs.act(caller, params.id, 'retry'),
  }),
}
