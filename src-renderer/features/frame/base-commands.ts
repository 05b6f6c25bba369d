import { BookOpen, CircleHelp, LogOut, Monitor, Moon, Sun } from 'lucide-react'
import type { Command } from '../../app/commands.ts'
import { go, screens } from '../../app/router.ts'
import { screenShortcut, screenTable } from '../../app/screens.ts'
import { signOut } from '../../app/session.ts'
import { setTheme } from '../../ui/theme.ts'
import { frameLabels } from './labels.ts'
import { showShortcuts } from './shortcuts-sheet.tsx'

const openDocs = () => window.open('/docs', '_blank', 'noopener')

/** Commands of every screen. */
export const baseCommands: readonly Command[] = [
  ...screens.map((screen): Command => {
    const { name, icon } = screenTable[screen]
    const shortcut = screenShortcut(screen)
    return {
      id: `go ${screen}`,
      label: name,
      group: frameLabels.goTo,
      icon,
      ...(shortcut ? { shortcut } : {}),
      keywords: 'open screen',
      run: () => go(screen),
    }
  }),
  {
    id: 'theme light',
    label: frameLabels.lightTheme,
    group: frameLabels.windowGroup,
    icon: Sun,
    run: theme('light'),
  },
  {
    id: 'theme dark',
    label: frameLabels.darkTheme,
    group: frameLabels.windowGroup,
    icon: Moon,
    run: theme('dark'),
  },
  {
    id: 'theme system',
    label: frameLabels.systemTheme,
    group: frameLabels.windowGroup,
    icon: Monitor,
    run: theme('system'),
  },
  {
    id: 'shortcuts',
    label: frameLabels.shortcuts,
    group: frameLabels.windowGroup,
    icon: CircleHelp,
    shortcut: '?',
    run: showShortcuts,
  },
  {
    id: 'docs',
    label: frameLabels.apiDocs,
    group: frameLabels.windowGroup,
    icon: BookOpen,
    keywords: 'openapi swagger reference',
    run: openDocs,
  },
  ...(window.mailsage
    ? []
    : [
        {
          id: 'sign out',
          label: frameLabels.signOut,
          group: frameLabels.windowGroup,
          icon: LogOut,
          run: () => signOut(),
        },
      ]),
]

function theme(name: 'light' | 'dark' | 'system'): () => void {
  return () => setTheme(name)
}
