import { hash } from 'node:crypto'
import { checksum, randomBase62 } from '../../base/ids.ts'
import type { KeyMode } from '../../contract/keys.ts'

/** `ms` for keys of the MailSage dialect and the window, `sk` for those of SelfMX's routes. */
export type KeyFamily = 'ms' | 'sk'

export type KeySecret = { readonly key: string; readonly keyId: string; readonly prefix: string }

const idLength = 8
/** 24 base62 characters carry 142 random bits. */
const secretLength = 24
const checksumLength = 6

/** `ms_live_`, 8 characters of public id, 24 of secret, 6 of checksum. */
export function makeSecret(
  family: KeyFamily,
  mode: KeyMode,
  keyId = randomBase62(idLength),
): KeySecret {
  const prefix = `${family}_${mode}_${keyId}`
  const body = prefix + randomBase62(secretLength)
  return { key: body + checksum(body), keyId, prefix }
}

/**
 * The form of a key that is stored and looked up. Keys are random, so plain SHA-256 suffices. An
 * attacker cannot choose digests, so the lookup needs no constant-time compare.
 */
export function digest(key: string): Buffer {
  return hash('sha256', key, 'buffer')
}

/** The digest as a map key. */
export const digestText = (key: string): string => digest(key).toString('latin1')

const ownPrefix = /^(ms|sk)_(live|test)_/

/** True for a text with the prefix of a MailSage key in any case, even when it is cut short. */
export const resemblesKey = (text: string): boolean => /^\s*(ms|sk)_/i.test(text)

/** True for a text with the prefix of a MailSage key and a wrong checksum: cut short or mistyped. */
export function isMistyped(key: string): boolean {
  if (!ownPrefix.test(key)) return false
  const body = key.slice(0, -checksumLength)
  return checksum(body) !== key.slice(-checksumLength)
}
