import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Keeps small secrets (relay passwords) unreadable in the database: AES-256-GCM. */
export type Vault = {
  readonly seal: (secret: string) => Buffer
  /** Null when the bytes were sealed with another key. */
  readonly open: (sealed: Buffer) => string | null
}

/** The operating system's own lock for the vault's key; Electron's `safeStorage` has this shape. */
export type Seal = {
  readonly encrypt: (text: string) => Buffer
  readonly decrypt: (sealed: Buffer) => string
}

const nonceBytes = 12
const tagBytes = 16

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

/**
 * The vault's key lives in the data folder: locked by the operating system where the desktop app
 * could do that, else as a file that only its owner may read. A key that this process cannot
 * unlock is not replaced: what it sealed stays for the app that can.
 */
export function openVault(folder: string, seal: Seal | undefined): Vault {
  const plain = join(folder, 'vault.key')
  const locked = join(folder, 'vault.locked')
  if (existsSync(plain)) return createVault(Buffer.from(readFileSync(plain, 'utf8'), 'hex'))
  if (existsSync(locked)) return openLocked(locked, seal)
  const key = randomBytes(32)
  if (seal) writeFileSync(locked, seal.encrypt(key.toString('hex')), { mode: 0o600, flag: 'wx' })
  else writeFileSync(plain, key.toString('hex'), { mode: 0o600, flag: 'wx' })
  return createVault(key)
}

function openLocked(file: string, seal: Seal | undefined): Vault {
  try {
    if (seal) return createVault(Buffer.from(seal.decrypt(readFileSync(file)), 'hex'))
  } catch {
    // Another user or another keychain: fall through to the vault that opens nothing.
  }
  return {
    seal() {
      throw new Error(
        `The passwords of this data folder are locked by the desktop app (${file}). Open MailSage there, or use another data folder.`,
      )
    },
    open: () => null,
  }
}
