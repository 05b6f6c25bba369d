import { Fault } from '../../contract/faults.ts'
import { type Caller, sees } from '../auth/caller.ts'
import type { JobRow } from './rules.ts'
import type { JobStore } from './store.ts'

/** The refusal of each dialect for an unknown job. */
export const notFoundMessages = {
  mailsage: 'Job not found or access denied',
  native: 'There is no such job. It may have been removed with its tenant.',
} as const

export type JobDialect = keyof typeof notFoundMessages

export function findJob(store: JobStore, caller: Caller, id: number, dialect: JobDialect): JobRow {
  const row = store.get(id)
  if (row && sees(caller, row)) return row
  throw new Fault('not_found', notFoundMessages[dialect])
}
