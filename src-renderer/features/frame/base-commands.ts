import { BookOpen, CircleHelp, LogOut, Monitor, Moon, Sun } from 'lucide-react'
import type { Command } from '../../app/commands.ts'
import { go, screens } from '../../app/router.ts'
import { screenShortcut, screenTable } from '../../app/screens.ts'
import { signOut } from '../../app/session.ts'
import { setTheme } from '../../ui/theme.ts'
import { showShortcuts } from './shortcuts-sheet.tsx'

const openDocs = () => window.open('/docs', '_blank', 'noopener')

/** What can be done on every screen. */
export const baseCommands: readonly Command[] = [
  ...screens.map((screen): Command => {
    const { name, icon } = screenTable[screen]
    const shortcut = screenShortcut(screen)
    return {
      id: `go ${screen}`,
      label: name,
      group: 'Go to',
      icon,
      ...(shortcut ? { shortcut } : {}),
      keywords: 'open screen',
      run: () => go(screen),
    }
  }),
  { id: 'theme light', label: 'Light theme', group: 'Window', icon: Sun, run: theme('light') },
  { id: 'theme dark', label: 'Dark theme', group: 'Window', icon: Moon, run: theme('dark') },
  {
    id: 'theme system',
    label: 'Theme of the system',
    group: 'Window',
    icon: Monitor,
    run: theme('system'),
  },
  {
    id: 'shortcuts',
    label: 'Keyboard shortcuts',
    group: 'Window',
    icon: CircleHelp,
    shortcut: '?',
    run: showShortcuts,
  },
  {
    id: 'docs',
    label: 'API documentation',
    group: 'Window',
    icon: BookOpen,
    keywords: 'openapi swagger reference',
    run: openDocs,
  },
  ...(window.mailsage
    ? []
    : [{ id: 'sign out', label: 'Sign out', group: 'Window', icon: LogOut, run: () => signOut() }]),
]

function theme(name: 'light' | 'dark' | 'system'): () => void {
  return () => setTheme(name)
}
