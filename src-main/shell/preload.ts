import { contextBridge, ipcRenderer } from 'electron'
import { type Bridge, type Command, channels, commandChannel, commands } from './bridge.ts'

const isCommand = (word: unknown): word is Command => commands.some((command) => command === word)

const bridge: Bridge = {
  session: () => ipcRenderer.invoke(channels.session),
  saveFile: (name, bytes) => ipcRenderer.invoke(channels.saveFile, name, bytes),
  openExternal: (url) => ipcRenderer.invoke(channels.openExternal, url),
  onCommand(listener) {
    const heard = (_event: unknown, command: unknown) => {
      if (isCommand(command)) listener(command)
    }
    ipcRenderer.on(commandChannel, heard)
    return () => ipcRenderer.off(commandChannel, heard)
  },
}

// A frame inside the window shows somebody else's mail and gets nothing.
if (process.isMainFrame) contextBridge.exposeInMainWorld('mailsage', bridge)
