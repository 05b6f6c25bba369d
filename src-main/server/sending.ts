import { openVault } from '../base/vault.ts'
import { createDeliveries } from '../domain/delivery/deliveries.ts'
import { createJobs } from '../domain/jobs/jobs.ts'
import { readSealedSecrets, unreadableSentence } from '../domain/maintenance/sealed-secrets.ts'
import { createMessages } from '../domain/messages/accept.ts'
import { createComposing } from '../domain/messages/composing.ts'
import { createIdempotency } from '../domain/messages/idempotency.ts'
import { createSending } from '../domain/messages/sending.ts'
import { createRelays } from '../domain/relays/relays.ts'
import { type IsOwnSmtp, withoutLoops, withReadableSecrets } from '../domain/relays/upstream.ts'
import { startRenderer } from '../domain/templates/rendering.ts'
import { createTemplates } from '../domain/templates/templates.ts'
import type { AuthParts } from './auth.ts'
import type { CompleteEnvironment } from './environment.ts'
import type { StorageParts } from './storage.ts'

export type SendingParts = ReturnType<typeof startSending>

/** Composes, accepts and delivers messages: at once, scheduled, or many in a job. */
export function startSending(
  storageParts: StorageParts,
  authParts: AuthParts,
  world: CompleteEnvironment,
  isOwnSmtp: IsOwnSmtp,
) {
  const { folder, keep, database, queue, reader, clock, provenClock, bytesUnderWay, log } =
    storageParts
  const { settings, tenantRecords, keys, limits, counters } = authParts
  const secrets = readSealedSecrets(database)
  const vault = openVault(folder, {
    seal: world.seal,
    sealed: secrets.map(({ sealed }) => sealed),
    log,
  })
  const unreadable = unreadableSentence(secrets, vault, folder)
  if (unreadable !== null) log.warn(unreadable)
  const connections = keep(world.upstream, 'relay connections')
  const upstream = withReadableSecrets(withoutLoops(connections, isOwnSmtp))
  const relays = createRelays({
    database,
    queue,
    clock,
    vault,
    upstream,
    reader,
    tenantRecords,
    log,
  })
  const deliveries = keep(
    createDeliveries({
      database,
      queue,
      reader,
      clock,
      log,
      relays,
      upstream: counters.measured(upstream),
    }),
    'deliveries',
  )
  const messages = createMessages({
    database,
    queue,
    clock,
    bytesUnderWay,
    limits,
    deliveries,
    settings,
    storage: storageParts.storage,
  })
  const renderer = keep(startRenderer({ clock }), 'template rendering')
  const templates = createTemplates({ database, queue, clock, renderer })
  const composing = createComposing({ templates, renderer, clock, tenantRecords })
  const idempotency = createIdempotency({ database, provenClock })
  const sends = {
    database,
    queue,
    clock,
    log,
    keys,
    composing,
    messages,
    deliveries,
    idempotency,
  }
  const sending = keep(createSending(sends), 'scheduled sending')
  const jobs = keep(createJobs({ ...sends, reader, limits, templates, relays }), 'jobs')
  return { vault, relays, deliveries, messages, renderer, templates, sending, jobs }
}
