import { z } from 'zod'
import { KeyAddress, KeyLimits } from '../../../contract/key-figures.ts'
import { CreatedKey, Key, KeyChange, NewKey, Rotation, Session } from '../../../contract/keys.ts'
import { route } from '../../route.ts'
import { Id } from './shapes.ts'

export const keyRoutes = {
  'POST /v1/api-keys': route({
    summary: 'Create an API key; only this response contains the secret',
    permission: 'api-keys:write',
    mode: 'both',
    body: NewKey,
    reply: CreatedKey,
    status: 201,
    faults: ['not_found'],
    handle: ({ body, caller, domain }) => domain.keys.create(caller, body),
  }),
  'GET /v1/api-keys': route({
    summary: 'List API keys that are not revoked, newest first',
    permission: 'api-keys:read',
    mode: 'both',
    reply: z.object({ data: z.array(Key) }),
    handle: ({ caller, domain }) => ({ data: domain.keys.list(caller) }),
  }),
  'GET /v1/api-keys/limits': route({
    summary: 'The used part of the limits of each API key',
    permission: 'api-keys:read',
    mode: 'both',
    reply: z.object({ data: z.array(KeyLimits) }),
    handle: ({ caller, domain }) => ({ data: domain.keyFigures.limits(caller) }),
  }),
  'GET /v1/api-keys/{id}/addresses': route({
    summary: 'Client addresses of an API key in the last seven days, latest first',
    permission: 'api-keys:read',
    mode: 'both',
    params: Id,
    reply: z.object({ data: z.array(KeyAddress) }),
    faults: ['not_found'],
    handle: async ({ params, caller, domain }) => ({
      data: await domain.keyFigures.addresses(caller, params.id),
    }),
  }),
  'GET /v1/api-keys/{id}': route({
    summary: 'One API key',
    permission: 'api-keys:read',
    mode: 'both',
    params: Id,
    reply: Key,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.keys.get(caller, params.id),
  }),
  'PATCH /v1/api-keys/{id}': route({
    summary: 'Change an API key; omitted fields stay unchanged',
    permission: 'api-keys:write',
    mode: 'both',
    params: Id,
    body: KeyChange,
    reply: Key,
    faults: ['not_found', 'conflict'],
    handle: ({ params, body, caller, domain }) => domain.keys.update(caller, params.id, body),
  }),
  'POST /v1/api-keys/{id}/rotate': route({
    summary: 'Create a new secret; the old one works until the grace period ends',
    permission: 'api-keys:write',
    mode: 'both',
    params: Id,
    body: Rotation.prefault({}),
    reply: CreatedKey,
    faults: ['not_found', 'conflict'],
    handle: ({ params, body, caller, domain }) =>
      domain.keys.rotate(caller, params.id, body.grace_seconds),
  }),
  'DELETE /v1/api-keys/{id}': route({
    summary: 'Revoke an API key at once and permanently',
    permission: 'api-keys:write',
    mode: 'both',
    params: Id,
    reply: z.object({ id: z.string(), revoked: z.literal(true) }),
    faults: ['not_found', 'conflict'],
    handle: ({ params, caller, domain }) => domain.keys.revoke(caller, params.id),
  }),
  'GET /v1/session': route({
    summary: 'The key of this request, with its permissions',
    permission: 'any-key',
    mode: 'both',
    reply: Session,
    handle: ({ caller, domain }) => domain.keys.session(caller),
  }),
}
