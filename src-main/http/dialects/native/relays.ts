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
    summary: 'SMTP relays in the order they are tried',
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
    summary: 'Change an SMTP relay; fields left out stay as they are',
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
    summary: 'Put the relays into the order in which they are tried',
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
    summary: 'Connect to a relay that is not saved yet, and sign in',
    permission: 'relays:write',
    mode: 'live',
    body: RelayDraft,
    reply: RelayTested,
    faults: ['not_found', 'smtp_auth_error', 'smtp_connection_error', 'smtp_error'],
    handle: ({ body, caller, domain }) => domain.relays.testDraft(caller, body),
  }),
  'POST /v1/relays/dkim-key': route({
    summary: 'Make a key pair for DKIM, with the DNS record to publish; nothing is saved',
    permission: 'relays:write',
    mode: 'both',
    body: DkimRequest,
    reply: DkimKey,
    handle: ({ body, domain }) => domain.relays.makeDkimKey(body),
  }),
  'GET /v1/relays/{id}/queue': route({
    summary: 'The live mail that waits to leave, and which relay would take over',
    permission: 'relays:read',
    mode: 'live',
    params: Id,
    reply: RelayQueue,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.relays.queueOf(caller, params.id),
  }),
  'POST /v1/relays/{id}/test': route({
    summary: 'Connect to a relay, sign in, and send a test message if an address is given',
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
    summary: 'Connect to the first relay and sign in',
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
