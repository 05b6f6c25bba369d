import { Monitor } from 'lucide-react'
import { Suspense, useEffect } from 'react'
import { Desktop } from '../features/desktop/desktop.tsx'
import { PauseBanner } from '../features/desktop/pause-banner.tsx'
import { baseCommands } from '../features/frame/base-commands.ts'
import { ConnectServerDialog } from '../features/frame/connect-server-dialog.tsx'
import { Palette, showPalette } from '../features/frame/palette.tsx'
import { RemoteGate } from '../features/frame/remote-gate.tsx'
import { ServerBanner } from '../features/frame/server-banner.tsx'
import { useServerCommands } from '../features/frame/server-commands.ts'
import { ShortcutsSheet, showShortcuts } from '../features/frame/shortcuts-sheet.tsx'
import { Sidebar } from '../features/frame/sidebar.tsx'
import { focusSearch } from '../features/inbox/inbox-search.tsx'
import { useInbox } from '../features/inbox/inbox-store.ts'
import { FirstKeysDialog } from '../features/keys/first-keys-dialog.tsx'
import { SignInScreen } from '../features/sign-in/sign-in-screen.tsx'
import { KeepAliveFrame } from '../message/keep-alive-frame.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { type Hotkeys, useHotkeys } from '../ui/hotkeys.ts'
import { Failure } from '../ui/notice.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { Toasts } from '../ui/toasts.tsx'
import { TooltipProvider } from '../ui/tooltip.tsx'
import { useCommands } from './commands.ts'
import { appLabels } from './labels.ts'
import { useLive } from './live.ts'
import { switchServer, useRemoteServers } from './remote-servers.ts'
import { go, screens, useRoute } from './router.ts'
import { screenShortcut, screenTable } from './screens.ts'
import { openSession, useSession } from './session.ts'

const screenHotkeys: Hotkeys = Object.fromEntries(
  screens.flatMap((screen) => {
    const shortcut = screenShortcut(screen)
    return shortcut ? [[shortcut, () => go(screen)]] : []
  }),
)

export function App() {
  const session = useSession((state) => state.session)
  return (
    <TooltipProvider>
      {session.status === 'signed-in' && <Window />}
      {session.status === 'signed-out' && <SignInScreen reason={session.reason} />}
      {session.status === 'lost' && <Lost failure={session.failure} />}
      <Toasts />
    </TooltipProvider>
  )
}

/** `switchServer` makes the desktop check a remote server and explain why it is unreachable. */
function Lost({ failure }: { failure: Error }) {
  const connection = useRemoteServers((state) => state.connection)
  if (connection.at !== 'remote') return <Failure failure={failure} onRetry={openSession} />
  const { id } = connection.server
  return (
    <Failure failure={failure} onRetry={() => switchServer(id)}>
      <Button icon={Monitor} onClick={() => switchServer(null)}>
        {appLabels.backToThisComputer}
      </Button>
    </Failure>
  )
}

function Window() {
  const connection = useRemoteServers((state) => state.connection)
  useCommands(baseCommands)
  useServerCommands()
  useHotkeys({ 'mod+k': showPalette })
  return (
    <>
      {connection.at === 'local' || connection.at === 'remote' ? (
        <Frame />
      ) : (
        <RemoteGate connection={connection} />
      )}
      <Palette />
      <ConnectServerDialog />
      <Desktop search={focusSearch} palette={showPalette} />
    </>
  )
}

function Frame() {
  const screen = useRoute((route) => route.screen)
  const unread = useInbox((state) => state.unreadEverywhere)
  const isReachable = useLive(({ state }) => state === 'connected')
  const { View } = screenTable[screen]

  useHotkeys({
    ...screenHotkeys,
    '?': showShortcuts,
  })
  useEffect(() => {
    const { name } = screenTable[screen]
    document.title = appLabels.windowTitle(name, unread)
  }, [screen, unread])

  return (
    <div className="flex h-full">
      <Sidebar unread={unread} />
      <main className="flex h-full min-w-0 flex-1 flex-col">
        <ServerBanner />
        <PauseBanner />
        <div className="min-h-0 flex-1">
          <ErrorBoundary key={screen} isReachable={isReachable}>
            <Suspense fallback={<SkeletonRows count={6} height={64} />}>
              <View />
            </Suspense>
          </ErrorBoundary>
        </div>
      </main>
      <ShortcutsSheet />
      <FirstKeysDialog />
      <KeepAliveFrame />
    </div>
  )
}
