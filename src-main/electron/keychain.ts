import { safeStorage } from 'electron'
import type { Seal } from '../base/vault.ts'

/** The system's keychain. Null on Linux without a keyring, which would only obfuscate. */
export function keychainSeal(): Seal | undefined {
  if (!safeStorage.isEncryptionAvailable()) return undefined
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') {
    return undefined
  }
  return {
    encrypt: (text) => safeStorage.encryptString(text),
    decrypt: (sealed) => safeStorage.decryptString(sealed),
  }
}
