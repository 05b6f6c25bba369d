import { once } from 'node:events'
import { type IncomingMessage, request as openHttp } from 'node:http'
import { request as openHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { connectionProblem } from '../base/connection-problem.ts'
import { type HostAddress, type OutboundGuard, TargetRefused } from './outbound-guard.ts'

/** A POST to where the guard lets it, and never further by a redirect; answers with the head. */
export function createGuardedPost(guard: OutboundGuard) {
  const lookups = new Map<string, Promise<readonly HostAddress[]>>()

  /** One look-up a host at a time: a name server that hangs holds one thread, not all. */
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
    open(url, await beforeEnd(addressesOf(url), signal), headers, body, signal)
}

/** The connection goes to the addresses that were checked. */
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
  // What goes wrong after the answer has begun ends the answer, too.
  outgoing.on('error', () => undefined)
  const answered = once(outgoing, 'response', { signal }) as Promise<[IncomingMessage]>
  outgoing.end(body)
  const [answer] = await answered
  return answer
}

/** The status is known by now: an answer that breaks off, drips or goes on for ever is still one. */
export async function readBeginning(answer: IncomingMessage, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      sizeBytes += chunk.length
      if (sizeBytes >= mostBytes) break
    }
  } catch {
    // What came before it broke off is kept.
  }
  answer.destroy()
  return Buffer.concat(chunks).toString('utf8')
}

function beforeEnd<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/** Why there is no answer, in a sentence. */
export function reasonOf(url: URL, error: unknown): string {
  if (error instanceof TargetRefused) return `The address ${error.message}`
  return connectionProblem(error, url.host)
}
