import type { Outcome } from '../../../src-main/contract/events.ts'

/** Every outcome's word and colour, in the order they are stacked: good at the bottom. */
export const outcomeLooks: readonly { outcome: Outcome; name: string; color: string }[] = [
  { outcome: 'ok', name: 'OK', color: 'var(--color-outcome-ok)' },
  { outcome: 'client_closed', name: 'Client left', color: 'var(--color-outcome-client-closed)' },
  { outcome: 'invalid', name: 'Invalid', color: 'var(--color-outcome-invalid)' },
  { outcome: 'not_found', name: 'Not found', color: 'var(--color-outcome-not-found)' },
  { outcome: 'unauthorized', name: 'Unauthorized', color: 'var(--color-outcome-unauthorized)' },
  { outcome: 'forbidden', name: 'Forbidden', color: 'var(--color-outcome-forbidden)' },
  { outcome: 'rate_limited', name: 'Rate limited', color: 'var(--color-outcome-rate-limited)' },
  { outcome: 'error', name: 'Error', color: 'var(--color-outcome-error)' },
]
