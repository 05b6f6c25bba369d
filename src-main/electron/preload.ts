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

function hear<Told>(channel: string, listener: (told: Told) => void): () => void {
  const heard = (_event: unknown, told: Told) => listener(told)
  ipcRenderer.on(channel, heard)
  return () => ipcRenderer.off(channel, heard)
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
    hear<unknown>(commandChannel, (command) => isCommand(command) && listener(command)),
  onOpen: (listener) => hear<Target>(openChannel, listener),
  onServers: (listener) => hear<ServerList>(serversChannel, listener),
}

// A frame inside the window shows somebody else's mail and gets nothing.
if (process.isMainFrame) contextBridge.exposeInMainWorld('mailsage', bridge)
