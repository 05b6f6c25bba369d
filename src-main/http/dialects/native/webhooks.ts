import { z } from 'zod'
import {
  NewWebhook,
  Webhook,
  WebhookChange,
  WebhookFigures,
  WebhookList,
  WebhookLog,
  WebhookLogList,
  WebhookLogQuery,
  WebhookQuery,
  WebhookTest,
  WebhookWithSecret,
} from '../../../contract/webhooks.ts'
import { route } from '../../route.ts'
import { Deleted, Id } from './shapes.ts'

export const webhookRoutes = {
  'GET /v1/webhooks': route({
    summary: 'Webhooks, newest first',
    permission: 'webhooks:read',
    mode: 'both',
    query: WebhookQuery,
    reply: WebhookList,
    handle: ({ query, caller, domain }) => domain.webhooks.list(caller, query),
  }),
  'POST /v1/webhooks': route({
    summary: 'Add a webhook; only this response contains a generated secret',
    permission: 'webhooks:write',
    mode: 'both',
    body: NewWebhook,
    reply: WebhookWithSecret,
    status: 201,
    faults: ['conflict'],
    handle: ({ body, caller, domain }) => domain.webhooks.create(caller, body),
  }),
  'GET /v1/webhooks/figures': route({
    summary: 'Results of the latest 100 deliveries of each webhook',
    permission: 'webhooks:read',
    mode: 'both',
    reply: z.object({ data: z.array(WebhookFigures) }),
    handle: async ({ caller, domain }) => ({ data: await domain.webhooks.figures(caller) }),
  }),
  'GET /v1/webhooks/{id}': route({
    summary: 'One webhook',
    permission: 'webhooks:read',
    mode: 'both',
    params: Id,
    reply: Webhook,
    handle: ({ params, caller, domain }) => domain.webhooks.get(caller, params.id),
  }),
  'PUT /v1/webhooks/{id}': route({
    summary:
      'Change a webhook; omitted fields stay unchanged. An enabled webhook gets its pending events',
    permission: 'webhooks:write',
    mode: 'both',
    params: Id,
    body: WebhookChange,
    reply: WebhookWithSecret,
    handle: ({ params, body, caller, domain }) => domain.webhooks.update(caller, params.id, body),
  }),
  'DELETE /v1/webhooks/{id}': route({
    summary: 'Delete a webhook and its log',
    permission: 'webhooks:write',
    mode: 'both',
    params: Id,
    reply: Deleted,
    handle: ({ params, caller, domain }) => domain.webhooks.remove(caller, params.id),
  }),
  'GET /v1/webhooks/{id}/logs': route({
    summary: 'Deliveries of a webhook in the last 30 days, newest first',
    permission: 'webhooks:read',
    mode: 'both',
    params: Id,
    query: WebhookLogQuery,
    reply: WebhookLogList,
    handle: ({ params, query, caller, domain }) => domain.webhooks.logs(caller, params.id, query),
  }),
  'POST /v1/webhooks/{id}/test': route({
    summary: 'Send a test event once and return the result',
    permission: 'webhooks:write',
    mode: 'both',
    params: Id,
    body: WebhookTest.prefault({}),
    reply: WebhookLog,
    handle: ({ params, body, caller, domain }) =>
      domain.webhooks.test(caller, params.id, body.event),
  }),
  'POST /v1/webhooks/{id}/logs/{log}/replay': route({
    summary: 'Replay a delivered or failed event with the same bytes',
    permission: 'webhooks:write',
    mode: 'both',
    params: z.object({ id: z.string().max(64), log: z.string().max(64) }),
    reply: WebhookLog,
    status: 202,
    faults: ['conflict'],
    handle: ({ params, caller, domain }) => domain.webhooks.replay(caller, params.id, params.log),
  }),
}
