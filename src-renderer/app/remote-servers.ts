import { create } from 'zustand'
import type { Command, NewServer, ServerList, ServerName } from '../../src-main/electron/bridge.ts'
import { toastFailure } from '../ui/toasts.tsx'

type State = ServerList & {
  /** What the dialog that connects begins with; null: it is closed. */
  readonly connecting: Pick<NewServer, 'address' | 'name'> | null
  /** What the menu asked for before this page was there. */
  readonly pendingCommand: Command | null
}

/** The servers that this desktop knows, and which of them the window shows; in a browser, none. */
export const useRemoteServers = create<State>(() => ({
  way: { at: 'here' },
  others: [],
  connecting: null,
  pendingCommand: null,
}))

/** True on the page of another computer's server, which has no say in this desktop. */
export const showsRemoteServer = ({ way }: Pick<ServerList, 'way'>): boolean => way.at === 'there'

window.mailsage?.onServers((servers) => useRemoteServers.setState(servers))

export function takePendingCommand(): Command | null {
  const { pendingCommand } = useRemoteServers.getState()
  useRemoteServers.setState({ pendingCommand: null })
  return pendingCommand
}

/** Null: this computer's. */
export function switchServer(id: string | null): void {
  window.mailsage?.switchServer(id).catch(toastFailure)
}

export function removeServer(id: string): void {
  window.mailsage?.removeServer(id).catch(toastFailure)
}

export function showConnectServer(): void {
  useRemoteServers.setState({ connecting: { address: '', name: '' } })
}

/** Connecting to the same address again replaces the key. */
export function askForKey({ address, server }: { address: string; server: ServerName }): void {
  switchServer(null)
  useRemoteServers.setState({ connecting: { address, name: server.name } })
}

export function hideConnectServer(): void {
  useRemoteServers.setState({ connecting: null })
}
