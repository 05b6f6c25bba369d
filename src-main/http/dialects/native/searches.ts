import { NewSearch, SavedSearch, SavedSearches, SearchChange } from '../../../contract/messages.ts'
import { route } from '../../route.ts'
import { Deleted, Id } from './shapes.ts'

export const searchRoutes = {
  'GET /v1/searches': route({
    summary: 'Saved searches of the inbox',
    permission: 'inbox:read',
    mode: 'test',
    reply: SavedSearches,
    handle: ({ caller, domain }) => ({ data: domain.savedSearches.list(caller) }),
  }),
  'POST /v1/searches': route({
    summary: 'Save a search under a name',
    permission: 'inbox:write',
    mode: 'test',
    body: NewSearch,
    reply: SavedSearch,
    status: 201,
    faults: ['conflict'],
    handle: ({ body, caller, domain }) => domain.savedSearches.create(caller, body),
  }),
  'PATCH /v1/searches/{id}': route({
    summary: 'Rename or change a saved search',
    permission: 'inbox:write',
    mode: 'test',
    params: Id,
    body: SearchChange,
    reply: SavedSearch,
    faults: ['not_found', 'conflict'],
    handle: ({ params, body, caller, domain }) =>
      domain.savedSearches.change(caller, params.id, body),
  }),
  'DELETE /v1/searches/{id}': route({
    summary: 'Delete a saved search',
    permission: 'inbox:write',
    mode: 'test',
    params: Id,
    reply: Deleted,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.savedSearches.remove(caller, params.id),
  }),
}
