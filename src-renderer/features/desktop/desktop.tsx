import { CirclePause, FileInput, SlidersHorizontal } from 'lucide-react'
import { useEffect } from 'react'
import { type Command, useCommands } from '../../app/commands.ts'
import {
  showConnectServer,
  showsRemoteServer,
  takePendingCommand,
  useRemoteServers,
} from '../../app/remote-servers.ts'
import { go } from '../../app/router.ts'
import { changeSettings, useServerSettings } from '../../app/server-settings.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { chooseFiles } from './import-files.ts'
import { desktopLabels } from './labels.ts'
import { runMenuCommand } from './menu-commands.ts'
import { MessageDrag } from './message-drag.tsx'

const isCapturePaused = () => {
  const { settings } = useServerSettings.getState()
  return settings.status === 'ready' && settings.value.capture_paused
}

const showPreferences = () => go('settings', 'start-up')

const commands: readonly Command[] = [
  {
    id: 'import-message',
    label: desktopLabels.importMessage,
    group: desktopLabels.inboxGroup,
    icon: FileInput,
    keywords: 'eml file open',
    run: chooseFiles,
  },
  {
    id: 'pause-capture',
    label: desktopLabels.toggleCapture,
    group: desktopLabels.inboxGroup,
    icon: CirclePause,
    keywords: 'stop test mail',
    run: () => void changeSettings({ capture_paused: !isCapturePaused() }).catch(toastFailure),
  },
]

const preferenceCommands: readonly Command[] = [
  {
    id: 'desktop-preferences',
    label: desktopLabels.preferences,
    group: desktopLabels.appGroup,
    icon: SlidersHorizontal,
    keywords: 'tray notifications login start hidden',
    run: showPreferences,
  },
]
const none: readonly Command[] = []

/** Handles the desktop's menu, links and notifications, and file drops in every window. */
export function Desktop({ search, palette }: { search: () => void; palette: () => void }) {
  const isRemoteServer = useRemoteServers(showsRemoteServer)
  useCommands(commands)
  useCommands(window.mailsage && !isRemoteServer ? preferenceCommands : none)
  useEffect(() => {
    const { mailsage } = window
    if (!mailsage) return
    const actions = {
      search,
      palette,
      import: chooseFiles,
      preferences: showPreferences,
      'connect-server': showConnectServer,
    }
    const pendingCommand = takePendingCommand()
    if (pendingCommand) runMenuCommand(pendingCommand, actions)
    const unsubscribers = [
      mailsage.onCommand((command) => runMenuCommand(command, actions)),
      mailsage.onOpen(({ screen, id }) => go(screen, id)),
    ]
    return () => {
      for (const unsubscribe of unsubscribers) unsubscribe()
    }
  }, [search, palette])
  return <MessageDrag />
}
