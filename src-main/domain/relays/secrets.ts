import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { Vault } from '../../base/vault.ts'
import { Fault } from '../../contract/faults.ts'
import type { RelayDkim, RelayOAuth2 } from '../../contract/relays.ts'
import type { RelayColumns, RelayRow } from './rows.ts'
import type { RelayTarget } from './upstream.ts'

type Given = {
  readonly password?: string | null | undefined
  readonly oauth2?: RelayOAuth2 | null | undefined
  readonly dkim?: RelayDkim | null | undefined
}

type SecretColumns = Pick<
  RelayColumns,
  | 'password_sealed'
  | 'oauth2_client_id'
  | 'oauth2_access_url'
  | 'oauth2_sealed'
  | 'dkim_domain'
  | 'dkim_selector'
  | 'dkim_public'
  | 'dkim_sealed'
>

const minBits = 1024

export type RelaySecrets = ReturnType<typeof createRelaySecrets>

/** The secrets of relays: sealed when they are saved, opened for a connection only. */
export function createRelaySecrets(vault: Vault) {
  return {
    /** A secret that is left out stays as in `known`; null removes it. */
    seal: (given: Given, known: SecretColumns | null): SecretColumns => seal(vault, given, known),

    open: (row: RelayRow) => ({
      password: open(vault, row.password_sealed),
      oauth2: openOAuth2(vault, row),
      dkim: openDkim(vault, row),
    }),

    /** The reason why a secret cannot be read. Without it mail would leave unsigned or not at all. */
    problem: (row: RelayRow): string | null => secretProblem(vault, row),
  }
}

function seal(
  vault: Vault,
  { password, oauth2, dkim }: Given,
  known: SecretColumns | null,
): SecretColumns {
  const kept = known ?? {
    password_sealed: null,
    ...sealOAuth2(vault, null),
    ...sealDkim(vault, null),
  }
  return {
    password_sealed:
      password === undefined
        ? kept.password_sealed
        : password === null
          ? null
          : vault.seal(password),
    ...(oauth2 === undefined
      ? {
          oauth2_client_id: kept.oauth2_client_id,
          oauth2_access_url: kept.oauth2_access_url,
          oauth2_sealed: kept.oauth2_sealed,
        }
      : sealOAuth2(vault, oauth2)),
    ...(dkim === undefined
      ? {
          dkim_domain: kept.dkim_domain,
          dkim_selector: kept.dkim_selector,
          dkim_public: kept.dkim_public,
          dkim_sealed: kept.dkim_sealed,
        }
      : sealDkim(vault, dkim)),
  }
}

function sealOAuth2(vault: Vault, given: RelayOAuth2 | null) {
  if (!given) return { oauth2_client_id: null, oauth2_access_url: null, oauth2_sealed: null }
  const { client_id, access_url, client_secret, refresh_token } = given
  return {
    oauth2_client_id: client_id,
    oauth2_access_url: access_url,
    oauth2_sealed: vault.seal(JSON.stringify({ client_secret, refresh_token })),
  }
}

function sealDkim(vault: Vault, given: RelayDkim | null) {
  if (!given) {
    return { dkim_domain: null, dkim_selector: null, dkim_public: null, dkim_sealed: null }
  }
  return {
    dkim_domain: given.domain,
    dkim_selector: given.selector,
    dkim_public: publicKeyOf(given.private_key),
    dkim_sealed: vault.seal(given.private_key),
  }
}

function open(vault: Vault, sealed: Buffer | null): string | null {
  return sealed === null ? null : vault.open(sealed)
}

function openOAuth2(vault: Vault, row: RelayRow): RelayTarget['oauth2'] {
  const opened = open(vault, row.oauth2_sealed)
  if (opened === null) return null
  const { client_secret, refresh_token } = JSON.parse(opened) as RelayOAuth2
  return {
    clientId: row.oauth2_client_id ?? '',
    clientSecret: client_secret,
    refreshToken: refresh_token,
    accessUrl: row.oauth2_access_url ?? '',
  }
}

function openDkim(vault: Vault, row: RelayRow): RelayTarget['dkim'] {
  const privateKey = open(vault, row.dkim_sealed)
  if (privateKey === null) return null
  return { domain: row.dkim_domain ?? '', selector: row.dkim_selector ?? '', privateKey }
}

function secretProblem(vault: Vault, row: RelayRow): string | null {
  const named: readonly (readonly [string, Buffer | null])[] = [
    ['password', row.password_sealed],
    ['OAuth2 secret', row.oauth2_sealed],
    ['DKIM key', row.dkim_sealed],
  ]
  const lost = named.filter(([, sealed]) => sealed !== null && open(vault, sealed) === null)
  if (lost.length === 0) return null
  const names = lost.map(([name]) => name).join(' and ')
  const them = lost.length === 1 ? 'it' : 'them'
  return `The saved ${names} cannot be read with the vault key of this data folder. Enter ${them} again, or put the old vault.key back and restart MailSage.`
}

/** The public key in its form for DNS; refuses keys that cannot sign with rsa-sha256 (RFC 8301 §3). */
function publicKeyOf(pem: string): string {
  const key = readKey(pem)
  const bits = key?.asymmetricKeyDetails?.modulusLength ?? 0
  if (key?.asymmetricKeyType === 'rsa' && bits >= minBits) {
    return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
  }
  throw new Fault(
    'invalid_parameter',
    `“dkim.private_key” must be an RSA private key of ${minBits} bits or more, as PEM, without a passphrase.`,
    { field: 'dkim.private_key' },
  )
}

function readKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}
