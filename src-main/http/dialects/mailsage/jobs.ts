import { z } from 'zod'
import { isoOrNull } from '../../../base/clock.ts'
import { route } from '../../route.ts'

const Id = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) })

const Job = z
  .object({
    id: z.string(),
    status: z.enum(['pending', 'processing', 'paused', 'completed', 'failed', 'stopped']),
    tracking_id: z.string(),
    progress: z.object({
      total: z.int(),
      sent: z.int(),
      failed: z.int(),
      pending: z.int(),
      percentage: z.number().describe('`sent` of `total`'),
    }),
    is_paused: z.boolean(),
    template_id: z.string().nullable(),
    campaign_id: z.string().nullable(),
    created_at: z.string(),
    started_at: z.string().nullable(),
    completed_at: z.string().nullable(),
    updated_at: z.string(),
  })
  .meta({ id: 'Job' })

const deliveryStatuses = ['pending', 'sent', 'delivered', 'failed', 'bounced', 'cancelled'] as const

const Paging = {
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  per_page: z.coerce.number().int().min(1).max(500).default(50),
}

const Deliveries = z.object({
  deliveries: z.array(
    z.object({
      id: z.int(),
      recipient: z.string(),
      status: z.string(),
      tracking_id: z.string().nullable(),
      attempts: z.int(),
      last_attempt: z.string().nullable(),
      error_message: z.string().nullable(),
      opened_at: z.string().nullable(),
      clicked_at: z.string().nullable(),
    }),
  ),
  pagination: z.object({ page: z.int(), per_page: z.int(), total: z.int(), pages: z.int() }),
})

const status = route({
  summary: 'One job with its progress',
  permission: 'send',
  mode: 'both',
  params: Id,
  reply: Job,
  faults: ['not_found'],
  handle: ({ params, caller, domain }) => domain.jobs.status(caller, params.id),
})

/** MailSage's jobs. */
export const jobRoutes = {
  'GET /api/v1/emails/jobs': route({
    summary: 'List jobs, newest first',
    permission: 'send',
    mode: 'both',
    query: z.object({ ...Paging, campaign_id: z.string().max(255).optional() }),
    reply: z.array(Job),
    handle: ({ query, caller, domain }) =>
      domain.jobs.list(caller, {
        active: false,
        campaignId: query.campaign_id,
        limit: query.per_page,
        offset: (query.page - 1) * query.per_page,
      }),
  }),
  'GET /api/v1/emails/jobs/active': route({
    summary: 'Unfinished jobs',
    permission: 'send',
    mode: 'both',
    reply: z.array(Job),
    handle: ({ caller, domain }) =>
      domain.jobs.list(caller, { active: true, limit: 500, offset: 0 }),
  }),
  'GET /api/v1/emails/jobs/{id}': status,
  'GET /api/v1/emails/jobs/{id}/status': status,
  'POST /api/v1/emails/jobs/{id}/control': route({
    summary: 'Pause, resume or stop a job',
    permission: 'send',
    mode: 'both',
    params: Id,
    body: z.object({ action: z.enum(['pause', 'resume', 'stop']) }),
    reply: Job,
    faults: ['not_found'],
    handle: ({ params, body, caller, domain }) =>
      domain.jobs.control(caller, params.id, body.action),
  }),
  'POST /api/v1/emails/jobs/{id}/retry': route({
    summary: 'Retry the failed recipients of a job',
    permission: 'send',
    mode: 'both',
    params: Id,
    reply: Job,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.jobs.control(caller, params.id, 'retry'),
  }),
  'GET /api/v1/emails/jobs/{id}/deliveries': route({
    summary: 'The status of each recipient of a job',
    permission: 'send',
    mode: 'both',
    params: Id,
    query: z.object({ ...Paging, status: z.enum(deliveryStatuses).optional() }),
    reply: Deliveries,
    faults: ['not_found'],
    handle: async ({ params, query, caller, domain }) => {
      const { page, per_page: perPage, status: wanted } = query
      const span = { status: wanted, limit: perPage, offset: (page - 1) * perPage }
      const { rows, total } = await domain.jobs.deliveries(caller, params.id, span)
      return {
        deliveries: rows.map(({ last_attempt_at: at, error, ...row }) => ({
          ...row,
          last_attempt: isoOrNull(at),
          error_message: error,
          opened_at: null,
          clicked_at: null,
        })),
        pagination: { page, per_page: perPage, total, pages: Math.ceil(total / perPage) },
      }
    },
  }),
}
