import type { Clock } from '../../base/clock.ts'
import { randomBase62, timeId } from '../../base/ids.ts'
import type { Vault } from '../../base/vault.ts'
import type { EventType } from '../../contract/events.ts'
import { Fault } from '../../contract/faults.ts'
import type { NewWebhook, WebhookChange } from '../../contract/webhooks.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Caller } from '../auth/caller.ts'
import type { WebhookPosts } from './posts.ts'
import { badUrl, readWebhookUrl } from './rules.ts'
import type { WebhookRow, WebhookStore } from './store.ts'

const maxPerTenant = 50

type ChangeDeps = {
  readonly store: WebhookStore
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly vault: Vault
  readonly posts: WebhookPosts
  /** Returns the last event: a webhook that becomes active gets later ones only. In a transaction. */
  readonly subscribeFromEnd: () => number
}

/** `secret` is the generated secret, which only this reply shows; absent for the caller's own. */
type ChangedWebhook = { readonly publicId: string; readonly secret?: string | undefined }

export async function createWebhook(
  { store, queue, clock, vault, posts, subscribeFromEnd }: ChangeDeps,
  caller: Caller,
  input: NewWebhook,
): Promise<ChangedWebhook> {
  checkUrl(posts, input.url)
  const { tenantId } = caller
  const own = store.visible(caller).filter((row) => row.tenantId === tenantId)
  if (own.length >= maxPerTenant) {
    throw new Fault(
      'conflict',
      `The limit of ${maxPerTenant} webhooks is reached. Delete one, or subscribe one to more events.`,
    )
  }
  const secret = input.secret ?? createSecret()
  const now = clock.now()
  const publicId = timeId('wh', now)
  await queue.write((transaction) => {
    const row = {
      publicId,
      tenantId,
      mode: caller.mode,
      url: input.url,
      events: input.events,
      secretSealed: vault.seal(secret),
      active: input.active,
      sinceSeq: subscribeFromEnd(),
      createdAt: now,
    }
    store.insert(row)
    audit(transaction, 'webhook.created', row, caller)
  })
  return input.secret ? { publicId } : { publicId, secret }
}

/** The secret `null` generates a new one. */
export async function updateWebhook(
  { store, queue, vault, posts, subscribeFromEnd }: ChangeDeps,
  caller: Caller,
  { id, publicId }: WebhookRow,
  change: WebhookChange,
): Promise<ChangedWebhook> {
  if (change.url !== undefined) checkUrl(posts, change.url)
  const newSecret = change.secret === null ? createSecret() : undefined
  const secret = newSecret ?? change.secret
  await queue.write((transaction) => {
    const row = store.stored(id)
    if (!row) throw new Fault('not_found', `There is no webhook ${publicId}.`)
    const active = change.active ?? row.active
    const isActivated = active && !row.active
    const isNewStart = isActivated || (change.url !== undefined && change.url !== row.url)
    store.update({
      ...row,
      url: change.url ?? row.url,
      events: change.events ?? row.events,
      secretSealed: secret ? vault.seal(secret) : row.secretSealed,
      active,
      sinceSeq: isActivated ? subscribeFromEnd() : row.sinceSeq,
      failures: isNewStart ? 0 : row.failures,
      disabledAt: active ? null : row.disabledAt,
    })
    audit(transaction, 'webhook.updated', row, caller)
  })
  return { publicId, secret: newSecret }
}

export function removeWebhook(
  { store, queue, clock }: ChangeDeps,
  caller: Caller,
  row: WebhookRow,
): Promise<void> {
  return queue.write((transaction) => {
    store.remove(row.id, clock.now())
    audit(transaction, 'webhook.deleted', row, caller)
  })
}

function checkUrl(posts: WebhookPosts, text: string): void {
  const problem = posts.refusal(readWebhookUrl(text))
  if (problem !== null) throw badUrl(problem)
}

const createSecret = (): string => `whsec_${randomBase62(32)}`

function audit(
  transaction: Transaction,
  type: EventType,
  row: Pick<WebhookRow, 'publicId' | 'tenantId'>,
  by: Caller,
): void {
  transaction.append({
    type,
    tenantId: row.tenantId,
    data: { webhook: row.publicId, by: by.publicId },
  })
}
