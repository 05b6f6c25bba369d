import { create } from 'zustand'
import type { Command, NewServer, ServerList, ServerName } from '../../src-main/electron/bridge.ts'
import { toastFailure } from '../ui/toasts.tsx'

type State = ServerList & {
  /** Initial values of the connect dialog; null while it is closed. */
  readonly connecting: Pick<NewServer, 'address' | 'name'> | null
  /** A menu command from before this page was loaded. */
  readonly pendingCommand: Command | null
}

/** The desktop's servers and the one that the window shows; empty in a browser. */
export const useRemoteServers = create<State>(() => ({
  connection: { at: 'local' },
  others: [],
  connecting: null,
  pendingCommand: null,
}))

/** True on the page of a remote server, which cannot control this desktop. */
export const showsRemoteServer = ({ connection }: Pick<ServerList, 'connection'>): boolean =>
  connection.at === 'remote'

window.mailsage?.onServers((servers) => useRemoteServers.setState(servers))

export function takePendingCommand(): Command | null {
  const { pendingCommand } = useRemoteServers.getState()
  useRemoteServers.setState({ pendingCommand: null })
  return pendingCommand
}

/** Null switches to this computer's server. */
export function switchServer(id: string | null): void {
  window.mailsage?.switchServer(id).catch(toastFailure)
}

export function removeServer(id: string): void {
  window.mailsage?.removeServer(id).catch(toastFailure)
}

export function showConnectServer(): void {
  useRemoteServers.setState({ connecting: { address: '', name: '' } })
}

/** Opens the connect dialog; connecting to a known address replaces its key. */
export function askForKey({ address, server }: { address: string; server: ServerName }): void {
  switchServer(null)
  useRemoteServers.setState({ connecting: { address, name: server.name } })
}

export function hideConnectServer(): void {
  useRemoteServers.setState({ connecting: null })
}
