import type { Usage } from '../../../src-main/contract/usage.ts'

export type Impact = {
  readonly requests: number
  readonly emails: number
  /** What its apps ask for most, the busiest first. */
  readonly routes: readonly { readonly route: string; readonly requests: number }[]
}

/** What a key did in a day, from its usage. */
export function impactOf({ totals, routes }: Pick<Usage, 'totals' | 'routes'>): Impact {
  return {
    requests: totals.requests,
    emails: totals.emails,
    routes: routes
      .map(({ route, requests }) => ({ route, requests }))
      .toSorted((a, b) => b.requests - a.requests),
  }
}

/** What stops when this key goes, in a sentence. */
export function impactSentence(name: string, { requests, emails, routes }: Impact): string {
  if (requests === 0 && emails === 0) return `Nothing used “${name}” in the last 24 hours.`
  const viaSmtp = routes.some(({ route }) => route === 'SMTP')
  const viaHttp = routes.some(({ route }) => route !== 'SMTP') || !viaSmtp
  const refusals = [viaHttp ? '401 over HTTP' : null, viaSmtp ? '535 over SMTP' : null]
  const did = [
    emails > 0 ? `sent ${count(emails, 'message')}` : null,
    requests > emails ? `made ${count(requests, 'request')}` : null,
  ]
  return `The app behind “${name}” ${join(did)} in the last day; it will get ${join(refusals)} from now on.`
}

function join(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(' and ')
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString()} ${noun}${number === 1 ? '' : 's'}`
}
