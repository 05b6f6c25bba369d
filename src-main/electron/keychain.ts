import { safeStorage } from 'electron'
import type { Seal } from '../base/vault.ts'

/** The keychain, where there is a real one: Linux without a keyring would only scramble. */
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
