import {
  Alert,
  AlertList,
  AlertQuery,
  AlertRules,
  AlertRulesChange,
} from '../../../contract/alerts.ts'
import { route } from '../../route.ts'
import { Id } from './shapes.ts'

export const alertRoutes = {
  'GET /v1/alerts': route({
    summary: 'Alerts for unusual activity, newest first',
    permission: 'usage:read',
    mode: 'both',
    query: AlertQuery,
    reply: AlertList,
    handle: ({ query, caller, domain }) => domain.alerts.list(caller, query),
  }),
  'GET /v1/alerts/rules': route({
    summary: 'Alert rules with their limits; a key of a tenant gets 403',
    permission: 'usage:read',
    mode: 'both',
    reply: AlertRules,
    handle: ({ caller, domain }) => ({ data: domain.alerts.rules(caller) }),
  }),
  'PATCH /v1/alerts/rules': route({
    summary: 'Enable, disable or change alert rules; null restores the defaults of a rule',
    permission: '*',
    mode: 'live',
    body: AlertRulesChange,
    reply: AlertRules,
    handle: async ({ body, caller, domain }) => ({
      data: await domain.alerts.changeRules(caller, body),
    }),
  }),
  'GET /v1/alerts/{id}': route({
    summary: 'An alert with the figures that raised it',
    permission: 'usage:read',
    mode: 'both',
    params: Id,
    reply: Alert,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.alerts.get(caller, params.id),
  }),
  'POST /v1/alerts/{id}/acknowledge': route({
    summary: 'Acknowledge an alert',
    permission: 'usage:read',
    mode: 'both',
    params: Id,
    reply: Alert,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.alerts.acknowledge(caller, params.id),
  }),
}
