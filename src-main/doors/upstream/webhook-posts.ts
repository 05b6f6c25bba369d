import { once } from 'node:events'
import { type IncomingMessage, request as openHttp } from 'node:http'
import { request as openHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { WebhookPosts } from '../../domain/webhook-posts.ts'
import { type HostAddress, type OutboundGuard, TargetRefused } from './outbound-guard.ts'

const longestAnswerBytes = 64 * 1024
const longestAnswerKept = 2000

export type WebhookPostOptions = {
  readonly guard: OutboundGuard
  readonly version: string
  /** From looking up the name to the last byte of the answer. */
  readonly timeoutMs?: number
}

/** Posts to webhooks: only where the guard lets it, once, and never further by a redirect. */
export function createWebhookPosts(options: WebhookPostOptions): WebhookPosts {
  const { guard, version, timeoutMs = 5000 } = options
  const closing = new AbortController()
  const lookups = new Map<string, Promise<readonly HostAddress[]>>()

  /** One look-up a host at a time: a name server that hangs holds one thread, not all. */
  function addressesOf(url: URL): Promise<readonly HostAddress[]> {
    const known = lookups.get(url.hostname)
    if (known) return known
    const found = guard.addressesOf(url).finally(() => lookups.delete(url.hostname))
    lookups.set(url.hostname, found)
    return found
  }

  return {
    refusal: guard.refusal,

    async post(url, headers, body) {
      const startedAt = performance.now()
      const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), closing.signal])
      const durationMs = () => performance.now() - startedAt
      try {
        const addresses = await beforeEnd(addressesOf(url), signal)
        const sent = { 'user-agent': `MailSage-Webhook/${version}`, ...headers }
        const answer = await open(url, addresses, sent, body, signal)
        const text = await readBeginning(answer)
        const { statusCode: status = 0 } = answer
        return { type: 'answered', status, body: text, durationMs: durationMs() }
      } catch (error) {
        const reason = signal.aborted
          ? `It did not answer within ${timeoutMs / 1000} seconds.`
          : reasonOf(url, error as NodeJS.ErrnoException)
        return { type: 'unanswered', reason, durationMs: durationMs() }
      }
    },

    close: () => closing.abort(),
  }
}

/** Resolves with the head of the answer. The connection goes to the addresses that were checked. */
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
async function readBeginning(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      sizeBytes += chunk.length
      if (sizeBytes >= longestAnswerBytes) break
    }
  } catch {
    // What came before it broke off is kept.
  }
  answer.destroy()
  return Buffer.concat(chunks).toString('utf8').slice(0, longestAnswerKept)
}

function beforeEnd<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

function reasonOf(url: URL, error: NodeJS.ErrnoException): string {
  if (error instanceof TargetRefused) return `The address ${error.message}`
  switch (error.code) {
    case 'ECONNREFUSED':
      return `Nothing listens at ${url.host}.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The name ${url.hostname} has no address.`
    case 'ECONNRESET':
    case 'EPIPE':
      return 'It ended the connection without an answer.'
    default:
      return `${url.host} cannot be reached: ${error.message || error.code}`
  }
}
