import { create } from 'zustand'
import { toast } from '../ui/toasts.tsx'
import { appLabels } from './labels.ts'
import { startLive, stopLive } from './live.ts'
import { useRemoteServers } from './remote-servers.ts'
import { authorizeWith, type RequestFailure, request } from './request.ts'

type FirstKeys = { readonly admin: string | null; readonly test: string | null }

export type SessionState =
  | { readonly status: 'opening' }
  | { readonly status: 'signed-out'; readonly reason: string | null }
  | { readonly status: 'signed-in'; readonly name: string; readonly version: string }
  | { readonly status: 'lost'; readonly failure: Error }

export const useSession = create<{ session: SessionState; firstKeys: FirstKeys | null }>(() => ({
  session: { status: 'opening' },
  firstKeys: null,
}))

const storageKey = 'mailsage.key'
const firstKeysDoneKey = 'mailsage.first-keys-stored'

/** The desktop app receives its key over the bridge; in a browser the user signs in. */
export async function openSession(): Promise<void> {
  setSession({ status: 'opening' })
  try {
    const key = await knownKey()
    if (key === null) setSession({ status: 'signed-out', reason: null })
    else await signIn(key)
  } catch (cause) {
    setSession({
      status: 'lost',
      failure: cause instanceof Error ? cause : new Error(String(cause)),
    })
  }
}

/** Signs in with an admin key. Throws a `RequestFailure` when the server refuses the key. */
export async function signIn(key: string): Promise<void> {
  authorizeWith(key, onRefused)
  const { name, version, permissions } = await request('GET /v1/session')
  if (!permissions.includes('*')) {
    refuse(appLabels.notAdmin)
    return
  }
  if (!window.mailsage) sessionStorage.setItem(storageKey, key)
  setSession({ status: 'signed-in', name, version })
  startLive()
}

export function signOut(reason: string | null = null): void {
  sessionStorage.removeItem(storageKey)
  authorizeWith(null, onRefused)
  stopLive()
  setSession({ status: 'signed-out', reason })
}

export function forgetFirstKeys(): void {
  // Not shown again when the page is reloaded, for example after a crash.
  sessionStorage.setItem(firstKeysDoneKey, 'yes')
  useSession.setState({ firstKeys: null })
}

function onRefused(failure: RequestFailure): void {
  refuse(refusalSentence(failure))
}

/** The desktop app has no sign-in screen. */
function refuse(sentence: string): void {
  if (!window.mailsage) {
    signOut(sentence)
    return
  }
  stopLive()
  setSession({ status: 'lost', failure: new Error(sentence) })
}

function refusalSentence({ code, message }: RequestFailure): string {
  if (code === 'invalid_api_key') return appLabels.unknownKey
  if (code === 'expired_api_key') return appLabels.expiredKey
  return message
}

async function knownKey(): Promise<string | null> {
  if (!window.mailsage) return sessionStorage.getItem(storageKey)
  const { consoleKey, firstKeys, recovered, servers, command } = await window.mailsage.session()
  useRemoteServers.setState({ ...servers, pendingCommand: command })
  if (recovered) toast(appLabels.windowRestored)
  useSession.setState({ firstKeys: sessionStorage.getItem(firstKeysDoneKey) ? null : firstKeys })
  return consoleKey
}

function setSession(session: SessionState): void {
  useSession.setState({ session })
}
