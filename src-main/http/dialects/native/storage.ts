import { z } from 'zod'
import {
  PendingRestore,
  RetentionPreview,
  RetentionQuery,
  Storage,
} from '../../../contract/storage.ts'
import { Content, produces, route } from '../../route.ts'

export const storageRoutes = {
  'GET /v1/storage': route({
    summary: 'Content and size of the data folder',
    permission: '*',
    mode: 'live',
    reply: Storage,
    handle: ({ caller, domain }) => domain.backups.storage(caller),
  }),
  'GET /v1/storage/retention': route({
    summary: 'Preview the deletions of a retention setting; omitted values use the current setting',
    permission: '*',
    mode: 'live',
    query: RetentionQuery,
    reply: RetentionPreview,
    handle: ({ query, caller, domain }) => domain.retention.preview(caller, query),
  }),
  'POST /v1/storage/tidy': route({
    summary: 'Return unused space in the database to the disk at the next start',
    permission: '*',
    mode: 'live',
    reply: Storage,
    handle: ({ caller, domain }) => domain.backups.tidyAtStart(caller),
  }),
  'GET /v1/backup': route({
    summary: 'A complete, consistent copy of the database; mail is accepted during the backup',
    permission: '*',
    mode: 'live',
    reply: produces('application/vnd.sqlite3'),
    faults: ['conflict'],
    handle: async ({ caller, domain }) => {
      const { name, bytes, stream } = await domain.backups.copy(caller)
      return new Content('application/vnd.sqlite3', stream, {
        'content-disposition': `attachment; filename="${name}"`,
        'content-length': String(bytes),
      })
    },
  }),
  'POST /v1/restore': route({
    summary:
      'Upload a copy from `GET /v1/backup`; it is checked now and restored at the next start',
    permission: '*',
    mode: 'live',
    upload: 'application/octet-stream',
    reply: z.object({ takes_effect: z.literal('next_start'), restore: PendingRestore }),
    faults: ['invalid_request', 'message_too_large', 'conflict'],
    handle: async ({ caller, domain, exchange }) => ({
      takes_effect: 'next_start' as const,
      restore: await domain.backups.restore(caller, exchange.upload),
    }),
  }),
  'DELETE /v1/restore': route({
    summary: 'Cancel the pending restore',
    permission: '*',
    mode: 'live',
    reply: Storage,
    faults: ['not_found'],
    handle: ({ caller, domain }) => domain.backups.cancelRestore(caller),
  }),
}
