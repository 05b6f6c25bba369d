import { create } from 'zustand'
import type { Event } from '../../../src-main/contract/events.ts'
import type { Key } from '../../../src-main/contract/keys.ts'
import { listen } from '../../app/live.ts'
import { request } from '../../app/request.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { type FirstSign, signOf } from './connect-status.ts'

type ConnectState = {
  readonly keys: Load<readonly Key[]>
  readonly keyId: string | null
  /** Secrets made here, kept only as long as the window: the relay cannot tell them again. */
  readonly secrets: ReadonlyMap<string, string>
  readonly sign: FirstSign
  /** The subject of the message that came, once it is known. */
  readonly subject: string | null
  readonly isSending: boolean
}

export const useConnect = create<ConnectState>(() => ({
  keys: loading,
  keyId: null,
  secrets: new Map(),
  sign: { type: 'waiting' },
  subject: null,
  isSending: false,
}))

export async function loadConnectKeys(): Promise<void> {
  try {
    const { data } = await request('GET /v1/api-keys')
    const sendable = data.filter(maySend).toSorted(testFirst)
    useConnect.setState(({ keyId }) => ({
      keys: ready(sendable),
      keyId: sendable.some(({ id }) => id === keyId) ? keyId : (sendable[0]?.id ?? null),
    }))
  } catch (cause) {
    useConnect.setState(({ keys }) => (keys.status === 'ready' ? {} : { keys: failed(cause) }))
  }
}

export function chooseKey(keyId: string): void {
  useConnect.setState({ keyId })
  waitAgain()
}

export function waitAgain(): void {
  useConnect.setState({ sign: { type: 'waiting' }, subject: null })
}

/** A test key for one sample, filled in at once. */
export async function createTestKey(name: string): Promise<void> {
  const { key, id } = await request('POST /v1/api-keys', {
    body: { name, mode: 'test', prefix: 'ms', permissions: ['send'] },
  })
  useConnect.setState(({ secrets }) => ({ secrets: new Map([...secrets, [id, key]]) }))
  await loadConnectKeys()
  chooseKey(id)
}

/** Sends as the app would: with the key itself, not with the window's. */
export async function sendTestMessage(secret: string): Promise<void> {
  useConnect.setState({ isSending: true })
  try {
    const response = await fetch('/v1/send', {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        from: 'MailSage <connect@example.com>',
        to: 'you@example.com',
        subject: 'A test message from Connect',
        html: '<p>It works: this message was sent with your key, over the HTTP API.</p>',
        text: 'It works: this message was sent with your key, over the HTTP API.',
      }),
    })
    if (response.ok) return
    const answer: unknown = await response.json().catch(() => null)
    const message = typeof answer === 'object' && answer && 'message' in answer && answer.message
    throw new Error(message ? String(message) : `MailSage answered ${response.status}. Try again.`)
  } finally {
    useConnect.setState({ isSending: false })
  }
}

/** What comes without a valid key is in no event: it is asked for while somebody waits. */
export async function lookForJunk(since: string): Promise<void> {
  const { data } = await request('GET /v1/logs', {
    query: { type: 'junk', from: since, limit: 1 },
  })
  const entry = data[0]
  const { sign } = useConnect.getState()
  if (!entry || sign.type === 'arrived' || (sign.type === 'refused' && sign.at >= entry.timestamp))
    return
  useConnect.setState({
    sign: {
      type: 'refused',
      at: entry.timestamp,
      fault: entry.fault ?? '',
      status: entry.status,
      route: entry.route ?? '',
      logId: null,
      isThisKey: false,
    },
  })
}

function take(events: readonly Event[]): void {
  const { keyId, sign } = useConnect.getState()
  const next = events.reduce((known, event) => signOf(known, event, keyId), sign)
  if (next === sign) return
  useConnect.setState({ sign: next })
  if (next.type !== 'arrived' || !next.messageId) return
  const isSame = sign.type === 'arrived' && sign.messageId === next.messageId
  if (!isSame) void loadSubject(next.messageId, next.isLive)
}

async function loadSubject(id: string, isLive: boolean): Promise<void> {
  const asked = isLive
    ? request('GET /v1/emails/{id}', { params: { id } })
    : request('GET /v1/inbox/{id}', { params: { id } })
  // The strip says that it came, with or without the subject.
  const subject = await asked.then(
    (message) => message.subject,
    () => null,
  )
  const { sign } = useConnect.getState()
  if (sign.type === 'arrived' && sign.messageId === id) useConnect.setState({ subject })
}

const maySend = ({ permissions, enabled, expires_at }: Key): boolean =>
  enabled &&
  (permissions.includes('send') || permissions.includes('*')) &&
  (expires_at === null || Date.parse(expires_at) > Date.now())

/** Test keys first, and of each kind the newest; an admin key is nobody's first choice. */
function testFirst(a: Key, b: Key): number {
  const rank = ({ mode, permissions }: Key) =>
    (mode === 'test' ? 0 : 2) + (permissions.includes('*') ? 1 : 0)
  return rank(a) - rank(b) || Date.parse(b.created_at) - Date.parse(a.created_at)
}

listen({
  events: (events) => {
    take(events)
    if (events.some(({ type }) => type.startsWith('key.'))) void loadConnectKeys()
  },
})
