import { create } from 'zustand'
import type { Command, NewRelay, RelayName, Relays } from '../../src-main/electron/bridge.ts'
import { toastFailure } from '../ui/toasts.tsx'

type State = Relays & {
  /** What the dialog that connects begins with; null: it is closed. */
  readonly connecting: Pick<NewRelay, 'address' | 'name'> | null
  /** What the menu asked for before this page was there. */
  readonly awaited: Command | null
}

/** The relays that this desktop knows, and which of them the window shows; in a browser, none. */
export const useOtherRelays = create<State>(() => ({
  way: { at: 'here' },
  others: [],
  connecting: null,
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
  useOtherRelays.setState({ connecting: { address: '', name: '' } })
}

/** Connecting to the same address again replaces the key. */
export function askForKey({ address, relay }: { address: string; relay: RelayName }): void {
  switchRelay(null)
  useOtherRelays.setState({ connecting: { address, name: relay.name } })
}

export function hideConnectRelay(): void {
  useOtherRelays.setState({ connecting: null })
}
