import { z } from 'zod'
import { CreatedKey } from '../../../contract/keys.ts'
import { EmailList, EmailQuery } from '../../../contract/messages.ts'
import {
  NewTenant,
  NewTenantKey,
  Tenant,
  TenantChange,
  TenantDeleted,
  TenantList,
  TenantQuery,
  TenantUsage,
  TenantUsageQuery,
} from '../../../contract/tenants.ts'
import { Flag } from '../../../contract/wire.ts'
import { route } from '../../route.ts'
import { Id } from './shapes.ts'

export const tenantRoutes = {
  'GET /v1/tenants': route({
    summary: 'List tenants, newest first; a tenant’s key sees its own',
    permission: 'tenants:read',
    mode: 'both',
    query: TenantQuery,
    reply: TenantList,
    handle: ({ query, caller, domain }) => domain.tenants.list(caller, query),
  }),
  'POST /v1/tenants': route({
    summary:
      'Create a tenant with its own keys, mail, templates, webhooks and relay (`smtp` also needs `relays:write`)',
    permission: 'tenants:write',
    mode: 'live',
    body: NewTenant,
    reply: Tenant,
    status: 201,
    faults: ['conflict', 'not_found'],
    handle: ({ body, caller, domain }) => domain.tenants.create(caller, body),
  }),
  'GET /v1/tenants/{id}': route({
    summary: 'One tenant',
    permission: 'tenants:read',
    mode: 'both',
    params: Id,
    reply: Tenant,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.tenants.get(caller, params.id),
  }),
  'PUT /v1/tenants/{id}': route({
    summary:
      'Change a tenant; omitted fields stay unchanged, null removes a value (`smtp` also needs `relays:write`)',
    permission: 'tenants:write',
    mode: 'live',
    params: Id,
    body: TenantChange,
    reply: Tenant,
    faults: ['not_found'],
    handle: ({ params, body, caller, domain }) => domain.tenants.update(caller, params.id, body),
  }),
  'DELETE /v1/tenants/{id}': route({
    summary: 'Delete a tenant with all its resources',
    permission: 'tenants:write',
    mode: 'live',
    params: Id,
    query: z.object({
      force: Flag.optional().describe('Also with queued live mail, which is cancelled'),
    }),
    reply: TenantDeleted,
    faults: ['not_found', 'conflict'],
    handle: ({ params, query, caller, domain }) =>
      domain.tenants.remove(caller, params.id, query.force ?? false),
  }),
  'POST /v1/tenants/{id}/api-keys': route({
    summary: 'Create an API key of a tenant (also needs `api-keys:write`)',
    permission: 'tenants:write',
    mode: 'both',
    params: Id,
    body: NewTenantKey,
    reply: CreatedKey,
    status: 201,
    faults: ['not_found'],
    handle: ({ params, body, caller, domain }) => domain.tenants.createKey(caller, params.id, body),
  }),
  'GET /v1/tenants/{id}/emails': route({
    summary: 'The emails of a tenant, newest first (also needs `logs:read`)',
    permission: 'tenants:read',
    mode: 'both',
    params: Id,
    query: EmailQuery,
    reply: EmailList,
    faults: ['not_found'],
    handle: ({ params, query, caller, domain }) => domain.tenants.emails(caller, params.id, query),
  }),
  'GET /v1/tenants/{id}/usage': route({
    summary: 'The usage of a tenant in one month (also needs `usage:read`)',
    permission: 'tenants:read',
    mode: 'live',
    params: Id,
    query: TenantUsageQuery,
    reply: TenantUsage,
    faults: ['not_found'],
    handle: ({ params, query, caller, domain }) =>
      domain.tenants.usage(caller, params.id, query.period),
  }),
}
