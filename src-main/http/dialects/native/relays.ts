import { z } from 'zod'
import {
  DkimKey,
  DkimRequest,
  RelayDraft,
  RelayOrder,
  RelayQueue,
  RelayTest,
  RelayTested,
} from '../../../contract/relay-tests.ts'
import { NewRelay, Relay, RelayChange } from '../../../contract/relays.ts'
import { route } from '../../route.ts'
import { Deleted, Id } from './shapes.ts'

export const relayRoutes = {
  'GET /v1/relays': route({
    summary: 'SMTP relays in the order of delivery',
    permission: 'relays:read',
    mode: 'both',
    reply: z.object({ data: z.array(Relay) }),
    handle: ({ caller, domain }) => ({ data: domain.relays.list(caller) }),
  }),
  'POST /v1/relays': route({
    summary: 'Add an SMTP relay',
    permission: 'relays:write',
    mode: 'live',
    body: NewRelay,
    reply: Relay,
    status: 201,
    handle: ({ body, caller, domain }) => domain.relays.create(caller, body),
  }),
  'GET /v1/relays/{id}': route({
    summary: 'One SMTP relay',
    permission: 'relays:read',
    mode: 'both',
    params: Id,
    reply: Relay,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.relays.get(caller, params.id),
  }),
  'PATCH /v1/relays/{id}': route({
    summary: 'Change an SMTP relay; omitted fields stay unchanged',
    permission: 'relays:write',
    mode: 'live',
    params: Id,
    body: RelayChange,
    reply: Relay,
    faults: ['not_found', 'conflict'],
    handle: ({ params, body, caller, domain }) => domain.relays.update(caller, params.id, body),
  }),
  'DELETE /v1/relays/{id}': route({
    summary: 'Remove an SMTP relay',
    permission: 'relays:write',
    mode: 'live',
    params: Id,
    reply: Deleted,
    faults: ['not_found', 'conflict'],
    handle: ({ params, caller, domain }) => domain.relays.remove(caller, params.id),
  }),
  'PUT /v1/relays/order': route({
    summary: 'Set the delivery order of the relays',
    permission: 'relays:write',
    mode: 'live',
    body: RelayOrder,
    reply: z.object({ data: z.array(Relay) }),
    faults: ['conflict'],
    handle: async ({ body, caller, domain }) => ({
      data: await domain.relays.reorder(caller, body.ids),
    }),
  }),
  'POST /v1/relays/test': route({
    summary: 'Test the connection and sign-in of an unsaved relay',
    permission: 'relays:write',
    mode: 'live',
    body: RelayDraft,
    reply: RelayTested,
    faults: ['not_found', 'smtp_auth_error', 'smtp_connection_error', 'smtp_error'],
    handle: ({ body, caller, domain }) => domain.relays.testDraft(caller, body),
  }),
  'POST /v1/relays/dkim-key': route({
    summary: 'Generate a DKIM key pair with its DNS record; nothing is saved',
    permission: 'relays:write',
    mode: 'both',
    body: DkimRequest,
    reply: DkimKey,
    handle: ({ body, domain }) => domain.relays.makeDkimKey(body),
  }),
  'GET /v1/relays/{id}/queue': route({
    summary: 'The number of queued live messages, and the relay that would take over',
    permission: 'relays:read',
    mode: 'live',
    params: Id,
    reply: RelayQueue,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.relays.queueOf(caller, params.id),
  }),
  'POST /v1/relays/{id}/test': route({
    summary: 'Test the connection and sign-in of a relay; with an address, send a test message',
    permission: 'relays:write',
    mode: 'live',
    params: Id,
    body: RelayTest.prefault({}),
    reply: RelayTested,
    faults: [
      'not_found',
      'sender_not_allowed',
      'smtp_auth_error',
      'smtp_connection_error',
      'smtp_error',
    ],
    handle: ({ params, body, caller, domain }) =>
      domain.relays.test(caller, params.id, body.recipient),
  }),
  'POST /v1/test-smtp': route({
    summary: 'Test the connection and sign-in of the first relay',
    permission: 'relays:write',
    mode: 'live',
    reply: z.object({ status: z.literal('ok'), message: z.string() }),
    faults: ['relay_not_configured', 'smtp_auth_error', 'smtp_connection_error', 'smtp_error'],
    handle: async ({ caller, domain }) => {
      const { status, message } = await domain.relays.testFirst(caller)
      return { status, message }
    },
  }),
}
