import { openVault } from '../base/vault.ts'
import { createComposing } from '../domain/composing.ts'
import { createDeliveries } from '../domain/deliveries.ts'
import { createIdempotency } from '../domain/idempotency.ts'
import { createJobs } from '../domain/jobs.ts'
import { createMessages } from '../domain/messages.ts'
import { createRelays } from '../domain/relays.ts'
import { startRenderer } from '../domain/rendering.ts'
import { readSealedSecrets, unreadableSentence } from '../domain/sealed-secrets.ts'
import { createSending } from '../domain/sending.ts'
import { createTemplates } from '../domain/templates.ts'
import { withReadableSecrets } from '../domain/upstream.ts'
import type { Access } from './access.ts'
import type { Ground } from './ground.ts'
import type { World } from './outside.ts'

export type Outgoing = ReturnType<typeof startOutgoing>

/** The way of a message: composed, accepted, delivered; now, later, or many in a job. */
export function startOutgoing(ground: Ground, access: Access, world: World) {
  const { folder, keep, database, queue, reader, clock, provenClock, bytesUnderWay, log } = ground
  const { settings, tenantRecords, keys, limits, counters } = access
  const secrets = readSealedSecrets(database)
  const vault = openVault(folder, {
    seal: world.seal,
    sealed: secrets.map(({ sealed }) => sealed),
    log,
  })
  const unreadable = unreadableSentence(secrets, vault, folder)
  if (unreadable !== null) log.warn(unreadable)
  const upstream = withReadableSecrets(keep(world.upstream, 'relay connections'))
  const relays = createRelays({ database, queue, clock, vault, upstream, reader, log })
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
    storage: ground.storage,
  })
  const renderer = keep(startRenderer(), 'template rendering')
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
  const jobs = keep(createJobs({ ...sends, reader, limits, templates }), 'jobs')
  return { vault, relays, deliveries, messages, renderer, templates, sending, jobs }
}
