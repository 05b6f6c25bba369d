import { contextBridge, ipcRenderer } from 'electron'
import {
  type Bridge,
  type Command,
  channels,
  commandChannel,
  commands,
  openChannel,
  type ServerList,
  serversChannel,
  type Target,
} from './bridge.ts'

const isCommand = (word: unknown): word is Command => commands.some((command) => command === word)

function subscribe<Payload>(channel: string, listener: (payload: Payload) => void): () => void {
  const listen = (_event: unknown, payload: Payload) => listener(payload)
  ipcRenderer.on(channel, listen)
  return () => ipcRenderer.off(channel, listen)
}

const bridge: Bridge = {
  session: () => ipcRenderer.invoke(channels.session),
  saveFile: (name, bytes) => ipcRenderer.invoke(channels.saveFile, name, bytes),
  openExternal: (url) => ipcRenderer.invoke(channels.openExternal, url),
  switchServer: (id) => ipcRenderer.invoke(channels.switchServer, id),
  connectServer: (server) => ipcRenderer.invoke(channels.connectServer, server),
  removeServer: (id) => ipcRenderer.invoke(channels.removeServer, id),
  dragMessage: (id) => ipcRenderer.invoke(channels.dragMessage, id),
  preferences: (change) => ipcRenderer.invoke(channels.preferences, change),
  onCommand: (listener) =>
    subscribe<unknown>(commandChannel, (command) => isCommand(command) && listener(command)),
  onOpen: (listener) => subscribe<Target>(openChannel, listener),
  onServers: (listener) => subscribe<ServerList>(serversChannel, listener),
}

// A frame shows captured mail and gets no bridge.
if (process.isMainFrame) contextBridge.exposeInMainWorld('mailsage', bridge)
