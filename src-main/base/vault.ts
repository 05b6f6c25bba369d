import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { writeDurably } from './durable-file.ts'
import type { Log } from './log.ts'

/** Keeps small secrets (relay passwords) unreadable in the database: AES-256-GCM. */
export type Vault = {
  readonly seal: (secret: string) => Buffer
  /** Null when the bytes were sealed with another key. */
  readonly open: (sealed: Buffer) => string | null
}

/** The operating system's keychain for the vault key; Electron's `safeStorage` has this shape. */
export type Seal = {
  readonly encrypt: (text: string) => Buffer
  readonly decrypt: (sealed: Buffer) => string
}

export type OpenVaultOptions = {
  readonly seal: Seal | undefined
  /** All secrets sealed in this folder; the right key opens some of them. */
  readonly sealed: readonly Buffer[]
  readonly log: Pick<Log, 'warn'>
}

/**
 * The vault keys are in the data folder: encrypted by the keychain where the desktop app could do so,
 * else as files with mode 0600. A lost or unreadable key is never overwritten: a new key lies beside
 * it under the next number, and secrets of every readable key open. An old key that is put back under
 * its name opens its secrets again.
 */
export function openVault(folder: string, { seal, sealed, log }: OpenVaultOptions): Vault {
  const files = keyFiles(folder).map((file) => ({ file, ...readKey(file, seal) }))
  for (const { file, problem } of files) {
    if (problem !== null) log.warn(`The key file ${file} ${problem}`)
  }
  const known = files.flatMap(({ file, key }) =>
    key ? [{ vault: createVault(key), isReplacement: numberOf(basename(file)) > 1 }] : [],
  )
  const opensSome = ({ vault }: { readonly vault: Vault }): boolean =>
    sealed.length === 0 || sealed.some((secret) => vault.open(secret) !== null)
  const isLost = files.length > 0 || sealed.length > 0
  const sealing =
    known.find(opensSome)?.vault ??
    // No secret was saved since the old key was lost.
    known.findLast(({ isReplacement }) => isReplacement)?.vault ??
    createVault(makeKey(folder, isLost, seal))
  return opensWithAny([sealing, ...known.map(({ vault }) => vault)], sealing)
}

function opensWithAny(vaults: readonly Vault[], sealing: Vault): Vault {
  return {
    seal: sealing.seal,
    open(sealed) {
      for (const vault of vaults) {
        const secret = vault.open(sealed)
        if (secret !== null) return secret
      }
      return null
    },
  }
}

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const keyName = /^vault(?:\.(\d+))?\.(key|locked)$/

/** A vault with one key. */
export function createVault(key: Buffer): Vault {
  return {
    seal(secret) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body])
    },
    open(sealed) {
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes))
        decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes))
        const body = decipher.update(sealed.subarray(nonceBytes + tagBytes))
        return Buffer.concat([body, decipher.final()]).toString('utf8')
      } catch {
        return null
      }
    },
  }
}

/** In order of creation. */
function keyFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => keyName.test(name))
    .sort((a, b) => numberOf(a) - numberOf(b) || a.localeCompare(b))
    .map((name) => join(folder, name))
}

const numberOf = (name: string): number => Number(keyName.exec(name)?.[1] ?? 1)

type KeyRead =
  | { readonly key: Buffer; readonly problem: null }
  | { readonly key: null; readonly problem: string }

function readKey(file: string, seal: Seal | undefined): KeyRead {
  const isLocked = file.endsWith('.locked')
  if (isLocked && !seal) {
    return {
      key: null,
      problem: 'is encrypted by the desktop app. Secrets that were saved there open only there.',
    }
  }
  try {
    const bytes = readFileSync(file)
    const text = isLocked && seal ? seal.decrypt(bytes) : bytes.toString('latin1').trim()
    if (/^[0-9a-f]{64}$/i.test(text)) return { key: Buffer.from(text, 'hex'), problem: null }
  } catch {
    // No file, no permission, another user's keychain: the key cannot be read.
  }
  return {
    key: null,
    problem: `cannot be read${isLocked ? ' with this user’s keychain' : ''}. Put the right file back from a backup of the folder and restart, or enter the secrets again.`,
  }
}

function makeKey(folder: string, isReplacement: boolean, seal: Seal | undefined): Buffer {
  const taken = keyFiles(folder).map((file) => numberOf(basename(file)))
  const number = isReplacement ? Math.max(1, ...taken) + 1 : 1
  const name = number === 1 ? 'vault' : `vault.${number}`
  const key = randomBytes(keyBytes)
  const text = key.toString('hex')
  writeDurably(join(folder, `${name}.${seal ? 'locked' : 'key'}`), seal ? seal.encrypt(text) : text)
  return key
}
