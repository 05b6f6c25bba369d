import { z } from 'zod'
import {
  NewRelay,
  Relay,
  RelayChange,
  RelayTest,
  RelayTested,
} from '../../../../contract/relays.ts'
import { route } from '../../route.ts'
import { Deleted, Id } from './shapes.ts'

export const relayRoutes = {
  'GET /v1/relays': route({
    summary: 'SMTP relays in the order they are tried',
    permission: 'relays:read',
    reply: z.object({ data: z.array(Relay) }),
    handle: ({ caller, domain }) => ({ data: domain.relays.list(caller) }),
  }),
  'POST /v1/relays': route({
    summary: 'Add an SMTP relay',
    permission: 'relays:write',
    body: NewRelay,
    reply: Relay,
    status: 201,
    handle: ({ body, caller, domain }) => domain.relays.create(caller, body),
  }),
  'GET /v1/relays/{id}': route({
    summary: 'One SMTP relay',
    permission: 'relays:read',
    params: Id,
    reply: Relay,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.relays.get(caller, params.id),
  }),
  'PATCH /v1/relays/{id}': route({
    summary: 'Change an SMTP relay; fields left out stay as they are',
    permission: 'relays:write',
    params: Id,
    body: RelayChange,
    reply: Relay,
    faults: ['not_found', 'conflict'],
    handle: ({ params, body, caller, domain }) => domain.relays.update(caller, params.id, body),
  }),
  'DELETE /v1/relays/{id}': route({
    summary: 'Remove an SMTP relay',
    permission: 'relays:write',
    params: Id,
    reply: Deleted,
    faults: ['not_found', 'conflict'],
    handle: ({ params, caller, domain }) => domain.relays.remove(caller, params.id),
  }),
  'POST /v1/relays/{id}/test': route({
    summary: 'Connect to a relay, sign in, and send a test message if an address is given',
    permission: 'relays:write',
    params: Id,
    body: RelayTest,
    reply: RelayTested,
    faults: ['not_found', 'smtp_auth_error', 'smtp_connection_error', 'smtp_error'],
    handle: ({ params, body, caller, domain }) =>
      domain.relays.test(caller, params.id, body.recipient),
  }),
  'POST /v1/test-smtp': route({
    summary: 'Connect to the first relay and sign in',
    permission: 'relays:write',
    reply: z.object({ status: z.literal('ok'), message: z.string() }),
    faults: ['relay_not_configured', 'smtp_auth_error', 'smtp_connection_error', 'smtp_error'],
    handle: async ({ caller, domain }) => {
      const { status, message } = await domain.relays.testFirst(caller)
      return { status, message }
    },
  }),
}
