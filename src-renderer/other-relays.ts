import { create } from 'zustand'
import type { Command, Relays } from '../src-main/shell/bridge.ts'
import { toastFailure } from './ui/toasts.tsx'

type State = Relays & {
  readonly isConnecting: boolean
  /** What the menu asked for before this page was there. */
  readonly awaited: Command | null
}

/** The relays that this desktop knows, and which of them the window shows; in a browser, none. */
export const useOtherRelays = create<State>(() => ({
  way: { at: 'here' },
  others: [],
  isConnecting: false,
  awaited: null,
}))

/** True on the page of another computer's relay, which has no say in this desktop. */
export const isElsewhere = ({ way }: Pick<Relays, 'way'>): boolean => way.at === 'there'

window.mailsage?.onRelays((relays) => useOtherRelays.setState(relays))

export function takeAwaited(): Command | null {
  const { awaited } = useOtherRelays.getState()
  useOtherRelays.setState({ awaited: null })
  return awaited
}

/** Null: this computer's. */
export function switchRelay(id: string | null): void {
  window.mailsage?.switchRelay(id).catch(toastFailure)
}

export function forgetRelay(id: string): void {
  window.mailsage?.forgetRelay(id).catch(toastFailure)
}

export function showConnectRelay(): void {
  useOtherRelays.setState({ isConnecting: true })
}

export function hideConnectRelay(): void {
  useOtherRelays.setState({ isConnecting: false })
}
