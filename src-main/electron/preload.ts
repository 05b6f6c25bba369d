import { contextBridge, ipcRenderer } from 'electron'
import {
  type Bridge,
  type Command,
  channels,
  commandChannel,
  commands,
  openChannel,
  type Relays,
  relaysChannel,
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
  switchRelay: (id) => ipcRenderer.invoke(channels.switchRelay, id),
  connectRelay: (relay) => ipcRenderer.invoke(channels.connectRelay, relay),
  forgetRelay: (id) => ipcRenderer.invoke(channels.forgetRelay, id),
  dragMessage: (id) => ipcRenderer.invoke(channels.dragMessage, id),
  preferences: (change) => ipcRenderer.invoke(channels.preferences, change),
  onCommand: (listener) =>
    hear<unknown>(commandChannel, (command) => isCommand(command) && listener(command)),
  onOpen: (listener) => hear<Target>(openChannel, listener),
  onRelays: (listener) => hear<Relays>(relaysChannel, listener),
}

// A frame inside the window shows somebody else's mail and gets nothing.
if (process.isMainFrame) contextBridge.exposeInMainWorld('mailsage', bridge)
