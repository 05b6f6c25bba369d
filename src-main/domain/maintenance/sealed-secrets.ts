import type { Vault } from '../../base/vault.ts'
import type { Database } from '../../storage/database.ts'

export type SealedSecret = {
  /** `the relay “x”` or `the webhook y (host)`, for use in a sentence. */
  readonly owner: string
  readonly sealed: Buffer
}

/** Every secret in the database, still encrypted. */
export function readSealedSecrets(database: Database): SealedSecret[] {
  const relays = database
    .prepare<[], { name: string; sealed: Buffer }>(`
      SELECT name, password_sealed AS sealed FROM relays WHERE password_sealed IS NOT NULL
      UNION ALL SELECT name, oauth2_sealed FROM relays WHERE oauth2_sealed IS NOT NULL
      UNION ALL SELECT name, dkim_sealed FROM relays WHERE dkim_sealed IS NOT NULL
    `)
    .all()
    .map(({ name, sealed }) => ({ owner: `the relay “${name}”`, sealed }))
  const webhooks = database
    .prepare<[], { id: string; url: string; sealed: Buffer }>(
      'SELECT public_id AS id, url, secret_sealed AS sealed FROM webhooks WHERE deleted_at IS NULL',
    )
    .all()
    // Only the host: the path of a webhook URL may be a secret.
    .map(({ id, url, sealed }) => ({
      owner: `the webhook ${id} (${URL.parse(url)?.host ?? 'no host'})`,
      sealed,
    }))
  return [...relays, ...webhooks]
}

const maxNamed = 5

/** Names the secrets that cannot be decrypted and the remedy; null when all can. */
export function unreadableSentence(
  secrets: readonly SealedSecret[],
  vault: Vault,
  folder: string,
): string | null {
  const owners = [
    ...new Set(
      secrets.filter(({ sealed }) => vault.open(sealed) === null).map(({ owner }) => owner),
    ),
  ]
  if (owners.length === 0) return null
  const named = owners.slice(0, maxNamed).join(', ')
  const more = owners.length > maxNamed ? ` and ${owners.length - maxNamed} more` : ''
  return `The saved secrets of ${named}${more} cannot be read: the vault key in ${folder} is missing, damaged or from another folder. Restore the old vault.key and restart MailSage, or enter these secrets again.`
}
