import type { Usage } from '../../../src-main/contract/usage.ts'
import { keysLabels } from './labels.ts'

export type Impact = {
  readonly requests: number
  readonly emails: number
  /** Routes by number of requests, descending. */
  readonly routes: readonly { readonly route: string; readonly requests: number }[]
}

export function impactOf({ totals, routes }: Pick<Usage, 'totals' | 'routes'>): Impact {
  return {
    requests: totals.requests,
    emails: totals.emails,
    routes: routes
      .map(({ route, requests }) => ({ route, requests }))
      .toSorted((a, b) => b.requests - a.requests),
  }
}

/** One sentence about the apps that stop working when this key is revoked. */
export function impactSentence(name: string, { requests, emails, routes }: Impact): string {
  if (requests === 0 && emails === 0) return keysLabels.revoke.unusedInDay(name)
  const viaSmtp = routes.some(({ route }) => route === 'SMTP')
  const viaHttp = routes.some(({ route }) => route !== 'SMTP') || !viaSmtp
  return keysLabels.revoke.impact({
    name,
    emails,
    requests: requests > emails ? requests : 0,
    viaHttp,
    viaSmtp,
  })
}
