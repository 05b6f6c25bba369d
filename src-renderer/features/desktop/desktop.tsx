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
import { runMenuCommand } from './menu-commands.ts'
import { MessageDrag } from './message-drag.tsx'

const paused = () => {
  const { settings } = useServerSettings.getState()
  return settings.status === 'ready' && settings.value.capture_paused
}

const showPreferences = () => go('settings', 'start-up')

const commands: readonly Command[] = [
  {
    id: 'import-message',
    label: 'Import message…',
    group: 'Inbox',
    icon: FileInput,
    keywords: 'eml file open',
    run: chooseFiles,
  },
  {
    id: 'pause-capture',
    label: 'Pause or resume capture',
    group: 'Inbox',
    icon: CirclePause,
    keywords: 'stop test mail',
    run: () => void changeSettings({ capture_paused: !paused() }).catch(toastFailure),
  },
]

const preferenceCommands: readonly Command[] = [
  {
    id: 'desktop-preferences',
    label: 'Preferences of this machine…',
    group: 'MailSage',
    icon: SlidersHorizontal,
    keywords: 'tray notifications login start hidden',
    run: showPreferences,
  },
]
const none: readonly Command[] = []

/** What the desktop's menu, links and notifications ask of the page; in a browser, files only. */
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
    const forget = [
      mailsage.onCommand((command) => runMenuCommand(command, actions)),
      mailsage.onOpen(({ screen, id }) => go(screen, id)),
    ]
    return () => {
      for (const stop of forget) stop()
    }
  }, [search, palette])
  return <MessageDrag />
}
