import { lazy, Suspense, useEffect } from 'react'
import { ShortcutsSheet, showShortcuts } from './features/frame/shortcuts-sheet.tsx'
import { Sidebar } from './features/frame/sidebar.tsx'
import { InboxScreen } from './features/inbox/inbox-screen.tsx'
import { focusSearch } from './features/inbox/inbox-search.tsx'
import { useInbox } from './features/inbox/inbox-store.ts'
import { FirstKeysDialog } from './features/keys/first-keys-dialog.tsx'
import { KeysScreen } from './features/keys/keys-screen.tsx'
import { SettingsScreen } from './features/settings/settings-screen.tsx'
import { SignInScreen } from './features/sign-in/sign-in-screen.tsx'
import { go, type Screen, screens, usePlace } from './place.ts'
import { openSession, useSession } from './session.ts'
import { ErrorBoundary } from './ui/error-boundary.tsx'
import { useHotkeys } from './ui/hotkeys.ts'
import { Failure } from './ui/notice.tsx'
import { SkeletonRows } from './ui/skeleton.tsx'
import { TipProvider } from './ui/tip.tsx'
import { Toasts } from './ui/toasts.tsx'

// The chart library is as large as everything else together.
const UsageScreen = lazy(async () => ({
  default: (await import('./features/usage/usage-screen.tsx')).UsageScreen,
}))

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

  useHotkeys({
    'mod+1': () => go('inbox'),
    'mod+2': () => go('keys'),
    'mod+3': () => go('usage'),
    'mod+4': () => go('settings'),
    '?': showShortcuts,
  })
  useEffect(() => {
    return window.mailsage?.onCommand((command) => {
      const target = screens.find((one) => command === `go-${one}`)
      if (target) go(target)
      else focusSearch()
    })
  }, [])
  useEffect(() => {
    const name = screen.charAt(0).toUpperCase() + screen.slice(1)
    document.title = unread > 0 ? `(${unread}) ${name} – MailSage` : `${name} – MailSage`
  }, [screen, unread])

  return (
    <div className="flex h-full">
      <Sidebar unread={unread} />
      <main className="h-full min-w-0 flex-1">
        <ErrorBoundary key={screen}>
          <Suspense fallback={<SkeletonRows count={6} height={64} />}>
            <CurrentScreen screen={screen} />
          </Suspense>
        </ErrorBoundary>
      </main>
      <ShortcutsSheet />
      <FirstKeysDialog />
    </div>
  )
}

function CurrentScreen({ screen }: { screen: Screen }) {
  switch (screen) {
    case 'inbox':
      return <InboxScreen />
    case 'keys':
      return <KeysScreen />
    case 'usage':
      return <UsageScreen />
    case 'settings':
      return <SettingsScreen />
  }
}
