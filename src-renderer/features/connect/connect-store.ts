import { create } from 'zustand'
import type { Event } from '../../../src-main/contract/events.ts'
import type { Key } from '../../../src-main/contract/keys.ts'
import { listen } from '../../app/live.ts'
import { request } from '../../app/request.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { type ConnectStatus, nextStatus } from './connect-status.ts'
import { connectLabels } from './labels.ts'

type ConnectState = {
  readonly keys: Load<readonly Key[]>
  readonly keyId: string | null
  /** Secrets of keys created here. They live in memory only; the server cannot show them again. */
  readonly secrets: ReadonlyMap<string, string>
  readonly status: ConnectStatus
  /** The subject of the received message; null until loaded. */
  readonly subject: string | null
  readonly isSending: boolean
}

export const useConnect = create<ConnectState>(() => ({
  keys: loading,
  keyId: null,
  secrets: new Map(),
  status: { type: 'waiting' },
  subject: null,
  isSending: false,
}))

export async function loadConnectKeys(): Promise<void> {
  try {
    const { data } = await request('GET /v1/api-keys')
    const sendable = data.filter(canSend).toSorted(testFirst)
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
  useConnect.setState({ status: { type: 'waiting' }, subject: null })
}

/** Creates a test key and selects it. */
export async function createTestKey(name: string): Promise<void> {
  const { key, id } = await request('POST /v1/api-keys', {
    body: { name, mode: 'test', prefix: 'ms', permissions: ['send'] },
  })
  useConnect.setState(({ secrets }) => ({ secrets: new Map([...secrets, [id, key]]) }))
  await loadConnectKeys()
  chooseKey(id)
}

/** Sends with the app's key instead of the window's, as the app would. */
export async function sendTestMessage(secret: string): Promise<void> {
  useConnect.setState({ isSending: true })
  try {
    const response = await fetch('/v1/send', {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        from: 'MailSage <connect@example.com>',
        to: 'you@example.com',
        subject: connectLabels.test.subject,
        html: `<p>${connectLabels.test.text}</p>`,
        text: connectLabels.test.text,
      }),
    })
    if (response.ok) return
    const body: unknown = await response.json().catch(() => null)
    const message = typeof body === 'object' && body && 'message' in body && body.message
    throw new Error(message ? String(message) : connectLabels.test.failed(response.status))
  } finally {
    useConnect.setState({ isSending: false })
  }
}

/** Requests without a valid key emit no event, so they are polled while the screen waits. */
export async function pollUnauthenticated(since: string): Promise<void> {
  const { data } = await request('GET /v1/logs', {
    query: { type: 'junk', from: since, limit: 1 },
  })
  const entry = data[0]
  const { status } = useConnect.getState()
  if (!entry || status.type === 'arrived') return
  if (status.type === 'refused' && status.at >= entry.timestamp) return
  useConnect.setState({
    status: {
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

function applyEvents(events: readonly Event[]): void {
  const { keyId, status } = useConnect.getState()
  const next = events.reduce((known, event) => nextStatus(known, event, keyId), status)
  if (next === status) return
  useConnect.setState({ status: next })
  if (next.type !== 'arrived' || !next.messageId) return
  const isSame = status.type === 'arrived' && status.messageId === next.messageId
  if (!isSame) void loadSubject(next.messageId, next.isLive)
}

async function loadSubject(id: string, isLive: boolean): Promise<void> {
  const message = isLive
    ? request('GET /v1/emails/{id}', { params: { id } })
    : request('GET /v1/inbox/{id}', { params: { id } })
  // The status is shown even without a subject.
  const subject = await message.then(
    (loaded) => loaded.subject,
    () => null,
  )
  const { status } = useConnect.getState()
  if (status.type === 'arrived' && status.messageId === id) useConnect.setState({ subject })
}

const canSend = ({ permissions, enabled, expires_at }: Key): boolean =>
  enabled &&
  (permissions.includes('send') || permissions.includes('*')) &&
  (expires_at === null || Date.parse(expires_at) > Date.now())

/** Test keys first, admin keys last within a mode, then the newest first. */
function testFirst(a: Key, b: Key): number {
  const rank = ({ mode, permissions }: Key) =>
    (mode === 'test' ? 0 : 2) + (permissions.includes('*') ? 1 : 0)
  return rank(a) - rank(b) || Date.parse(b.created_at) - Date.parse(a.created_at)
}

listen({
  events: (events) => {
    applyEvents(events)
    if (events.some(({ type }) => type.startsWith('key.'))) void loadConnectKeys()
  },
})
