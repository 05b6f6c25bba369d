import type { Outcome } from '../../../src-main/contract/events.ts'
import { usageLabels } from './labels.ts'

const colors: Readonly<Record<Outcome, string>> = {
  ok: 'var(--color-outcome-ok)',
  client_closed: 'var(--color-outcome-client-closed)',
  invalid: 'var(--color-outcome-invalid)',
  not_found: 'var(--color-outcome-not-found)',
  unauthorized: 'var(--color-outcome-unauthorized)',
  forbidden: 'var(--color-outcome-forbidden)',
  rate_limited: 'var(--color-outcome-rate-limited)',
  error: 'var(--color-outcome-error)',
}

/** Name and colour of every outcome in stacking order, successful requests at the bottom. */
// The cast restores the key type, which Object.keys loses.
export const outcomeStyles = (Object.keys(colors) as Outcome[]).map((outcome) => ({
  outcome,
  name: usageLabels.outcomeNames[outcome],
  color: colors[outcome],
}))
