import type { Vault } from '../../base/vault.ts'
import type { StorageProblem } from '../../contract/storage.ts'
import type { Database } from '../../storage/database.ts'
import type { StorageState } from '../../storage/storage-state.ts'
import { readSealedSecrets, unreadableSentence } from './sealed-secrets.ts'

export type StorageWatch = ReturnType<typeof createStorageWatch>

type WatchDeps = {
  readonly folder: string
  readonly database: Database
  readonly vault: Vault
  readonly state: StorageState
}

/** Problems of the data folder, for health, alerts and the window. */
export function createStorageWatch({ folder, database, vault, state }: WatchDeps) {
  function secretsProblem(): StorageProblem | null {
    try {
      const message = unreadableSentence(readSealedSecrets(database), vault, folder)
      return message === null ? null : { code: 'secrets_unreadable', message }
    } catch (error) {
      // An unreadable database is reported as a problem of its own.
      if (state.explain(error)) return null
      throw error
    }
  }

  return {
    explain: state.explain,
    refusal: state.refusal,

    /** Checks now; the most severe problem first. */
    problems(): StorageProblem[] {
      const secrets = secretsProblem()
      state.check()
      const problem = state.problem()
      return [...(problem ? [problem] : []), ...(secrets ? [secrets] : [])]
    },

    onChange: state.onChange,
  }
}
