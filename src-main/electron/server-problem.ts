import { z } from 'zod'
import { Health } from '../contract/settings.ts'
import type { ServerProblem } from './bridge.ts'

/** Electron's `net.fetch` in the app, which uses the certificates and proxies of the window. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

type Asked = { readonly origin: string; readonly key: string }

const patienceMs = 8_000
// Servers of other versions have other fields; these fields identify MailSage.
const HealthOfAny = Health.pick({ status: true, version: true, queue_depth: true })
const SessionOfAny = z.object({ permissions: z.array(z.string()) })
const Refusal = z.object({ name: z.string(), message: z.string() })

/** Checks that MailSage responds, serves its window and accepts the key as admin; null: no problem. */
export async function findProblem(
  { origin, key }: Asked,
  fetch: Fetch,
): Promise<ServerProblem | null> {
  const { host } = new URL(origin)
  const signal = AbortSignal.timeout(patienceMs)
  const ask = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${origin}${path}`, { headers, signal, cache: 'no-store', credentials: 'omit' })
  try {
    // The key is sent only to a server that identified itself as MailSage.
    const health = await ask('/health')
    const stranger = await strangerAt(origin, health)
    if (stranger) return { field: 'address', sentence: stranger }
    const page = await ask('/')
    if (!page.ok || !page.headers.get('content-type')?.startsWith('text/html')) {
      return {
        field: 'address',
        sentence: `The server at ${host} does not serve the window. Update MailSage there.`,
      }
    }
    return await keyProblem(host, await ask('/v1/session', { authorization: `Bearer ${key}` }))
  } catch (error) {
    const sentence = signal.aborted
      ? `${host} has not answered for ${patienceMs / 1_000} seconds. Check the address, the VPN and the firewall.`
      : networkSentence(host, error instanceof Error ? error.message : String(error))
    return { field: 'address', sentence }
  }
}

async function strangerAt(origin: string, health: Response): Promise<string | null> {
  const { host } = new URL(origin)
  const other = health.url === '' ? origin : new URL(health.url).origin
  if (other !== origin) return `${host} leads on to ${other}. Use that address.`
  const said: unknown = await health.json().catch(() => null)
  // A server with a full disk answers 503 and is still usable.
  if (HealthOfAny.safeParse(said).success) return null
  const refusal = Refusal.safeParse(said)
  if (refusal.success && refusal.data.name === 'host_not_allowed') {
    return `The server does not accept the host name ${host}. Add it to MAILSAGE_ALLOWED_HOSTS there, or use its IP address.`
  }
  if (health.status >= 500) {
    return `${host} answers ${health.status}: MailSage is not running behind it. Start it there.`
  }
  return `No MailSage at ${host}: another program answers there. Check the host and the port.`
}

async function keyProblem(host: string, answer: Response): Promise<ServerProblem | null> {
  const said: unknown = await answer.json().catch(() => null)
  const problem = (sentence: string): ServerProblem => ({ field: 'key', sentence })
  if (answer.ok) {
    const session = SessionOfAny.safeParse(said)
    if (session.data?.permissions.includes('*')) return null
    return problem(
      'This key may not manage that server. Use an admin key: one with the permission “*”.',
    )
  }
  const refusal = Refusal.safeParse(said)
  if (answer.status === 401) {
    return problem(
      refusal.data?.name === 'expired_api_key'
        ? 'This key has expired. Use another admin key of that server.'
        : `The server at ${host} does not know this key. Use an admin key of that server.`,
    )
  }
  return problem(refusal.data?.message ?? `${host} answered ${answer.status}. Try again later.`)
}

/** Sentences for Chromium's network errors. */
export function networkSentence(host: string, said: string): string {
  const [, code = ''] = /net::ERR_(\w+)/.exec(said) ?? []
  if (/^CERT_/.test(code)) {
    return `The certificate of ${host} is not trusted (${code}). Use a certificate from an authority that this computer trusts, or add it to the trusted certificates.`
  }
  if (/^SSL_/.test(code)) {
    return `${host} does not speak https. Check the port. In a private network, you can use http://.`
  }
  if (/^NAME_/.test(code)) return `There is no host called ${host}. Check the spelling.`
  if (code === 'CONNECTION_REFUSED') {
    return `Nothing listens at ${host}. Check the port, and that MailSage is running there.`
  }
  if (code === 'INTERNET_DISCONNECTED')
    return 'This computer is offline. Connect it, then try again.'
  return `${host} cannot be reached${code === '' ? '' : ` (${code})`}. Check the address and the network.`
}
