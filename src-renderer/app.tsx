import { Suspense, useEffect } from 'react'
import { useCommands } from './commands.ts'
import { Desktop } from './features/desktop/desktop.tsx'
import { PauseBanner } from './features/desktop/pause-banner.tsx'
import { baseCommands } from './features/frame/base-commands.ts'
import { Palette, showPalette } from './features/frame/palette.tsx'
import { ShortcutsSheet, showShortcuts } from './features/frame/shortcuts-sheet.tsx'
import { Sidebar } from './features/frame/sidebar.tsx'
import { focusSearch } from './features/inbox/inbox-search.tsx'
import { useInbox } from './features/inbox/inbox-store.ts'
import { FirstKeysDialog } from './features/keys/first-keys-dialog.tsx'
import { SignInScreen } from './features/sign-in/sign-in-screen.tsx'
import { go, screens, usePlace } from './place.ts'
import { screenShortcut, screenTable } from './screens.ts'
import { openSession, useSession } from './session.ts'
import { ErrorBoundary } from './ui/error-boundary.tsx'
import { type Hotkeys, useHotkeys } from './ui/hotkeys.ts'
import { Failure } from './ui/notice.tsx'
import { SkeletonRows } from './ui/skeleton.tsx'
import { TipProvider } from './ui/tip.tsx'
import { Toasts } from './ui/toasts.tsx'

const screenHotkeys: Hotkeys = Object.fromEntries(
  screens.flatMap((screen) => {
    const shortcut = screenShortcut(screen)
    return shortcut ? [[shortcut, () => go(screen)]] : []
  }),
)

export function App() {
  const session = useSession((state) => state.session)
  return (
    <TipProvider>
      {session.status === 'signed-in' && <Window />}
      {session.status === 'signed-out' && <SignInScreen reason={session.reason} />}
      {session.status === 'lost' && <Failure failure={session.failure} onRetry={openSession} />}
      <Toasts />
    </TipProvider>
  )
}

function Window() {
  const screen = usePlace((place) => place.screen)
  const unread = useInbox((state) => state.unreadEverywhere)
  const { View } = screenTable[screen]

  useHotkeys({
    ...screenHotkeys,
    'mod+k': showPalette,
    '?': showShortcuts,
  })
  useCommands(baseCommands)
  useEffect(() => {
    const { name } = screenTable[screen]
    document.title = unread > 0 ? `(${unread}) ${name} – MailSage` : `${name} – MailSage`
  }, [screen, unread])

  return (
    <div className="flex h-full">
      <Sidebar unread={unread} />
      <main className="flex h-full min-w-0 flex-1 flex-col">
        <PauseBanner />
        <div className="min-h-0 flex-1">
          <ErrorBoundary key={screen}>
            <Suspense fallback={<SkeletonRows count={6} height={64} />}>
              <View />
            </Suspense>
          </ErrorBoundary>
        </div>
      </main>
      <Palette />
      <ShortcutsSheet />
      <FirstKeysDialog />
      <Desktop search={focusSearch} palette={showPalette} />
    </div>
  )
}
