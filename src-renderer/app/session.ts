import { create } from 'zustand'
import { toast } from '../ui/toasts.tsx'
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
const storedKey = 'mailsage.first-keys-stored'

/** In the desktop app the bridge hands over a key; in a browser the person gives one. */
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

/** Takes a key that the relay knows and that may manage it. Throws a `RequestFailure` if not. */
export async function signIn(key: string): Promise<void> {
  authorizeWith(key, onRefused)
  const { name, version, permissions } = await request('GET /v1/session')
  if (!permissions.includes('*')) {
    refuse('This key may not manage MailSage. Use an admin key: one with the permission “*”.')
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
  // A page that is loaded again, after a crash too, does not show them a second time.
  sessionStorage.setItem(storedKey, 'yes')
  useSession.setState({ firstKeys: null })
}

function onRefused(failure: RequestFailure): void {
  refuse(refusalSentence(failure))
}

/** In the desktop app nobody signs in, so nobody is asked to. */
function refuse(sentence: string): void {
  if (!window.mailsage) {
    signOut(sentence)
    return
  }
  stopLive()
  setSession({ status: 'lost', failure: new Error(sentence) })
}

function refusalSentence({ code, message }: RequestFailure): string {
  if (code === 'invalid_api_key') return 'MailSage does not know this key. Check it and try again.'
  if (code === 'expired_api_key') return 'This key has expired. Sign in with another admin key.'
  return message
}

async function knownKey(): Promise<string | null> {
  if (!window.mailsage) return sessionStorage.getItem(storageKey)
  const { consoleKey, firstKeys, recovered, servers, command } = await window.mailsage.session()
  useRemoteServers.setState({ ...servers, pendingCommand: command })
  if (recovered) toast('The window had crashed and is back where it was. No mail was lost.')
  useSession.setState({ firstKeys: sessionStorage.getItem(storedKey) ? null : firstKeys })
  return consoleKey
}

function setSession(session: SessionState): void {
  useSession.setState({ session })
}
