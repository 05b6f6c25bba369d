import { once } from 'node:events'
import { type IncomingMessage, request as openHttp } from 'node:http'
import { request as openHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { connectionProblem } from '../base/connection-problem.ts'
import { type HostAddress, type OutboundGuard, TargetRefused } from './outbound-guard.ts'

/** A POST to an address that the guard allows, without redirects. Resolves with the response head. */
export function createGuardedPost(guard: OutboundGuard) {
  const lookups = new Map<string, Promise<readonly HostAddress[]>>()

  /** One lookup per host at a time: a name server that hangs blocks one thread, not all of them. */
  function addressesOf(url: URL): Promise<readonly HostAddress[]> {
    const known = lookups.get(url.hostname)
    if (known) return known
    const found = guard.addressesOf(url).finally(() => lookups.delete(url.hostname))
    lookups.set(url.hostname, found)
    return found
  }

  return async (
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    signal: AbortSignal,
  ): Promise<IncomingMessage> =>
    open(url, await beforeAbort(addressesOf(url), signal), headers, body, signal)
}

/** Connects to the checked addresses only. */
async function open(
  url: URL,
  addresses: readonly HostAddress[],
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const lookup: LookupFunction = (_hostname, { all }, done) => {
    const [first] = addresses
    if (all) done(null, [...addresses])
    else done(null, first?.address ?? '', first?.family)
  }
  const start = url.protocol === 'https:' ? openHttps : openHttp
  const outgoing = start(url, {
    method: 'POST',
    headers: { ...headers, 'content-length': body.length },
    agent: false,
    lookup,
    signal,
  })
  // An error after the response has begun ends the response as well.
  outgoing.on('error', () => undefined)
  const responded = once(outgoing, 'response', { signal }) as Promise<[IncomingMessage]>
  outgoing.end(body)
  const [response] = await responded
  return response
}

/** The first bytes of a response body; one that breaks off or never ends counts all the same. */
export async function readBeginning(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      sizeBytes += chunk.length
      if (sizeBytes >= maxBytes) break
    }
  } catch {
    // The bytes before the error are kept.
  }
  response.destroy()
  return Buffer.concat(chunks).toString('utf8')
}

function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/** A sentence that says why there is no response. */
export function reasonOf(url: URL, error: unknown): string {
  if (error instanceof TargetRefused) return `The address ${error.message}`
  return connectionProblem(error, url.host)
}
