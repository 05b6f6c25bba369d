import { ChartColumn, Inbox, KeyRound, type LucideIcon, Settings } from 'lucide-react'
import { placeHash, type Screen, usePlace } from '../../place.ts'
import { BrandMark } from '../../ui/brand.tsx'
import { classes } from '../../ui/classes.ts'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Tip } from '../../ui/tip.tsx'
import { StatusBar } from './status-bar.tsx'

const entries: readonly { screen: Screen; name: string; icon: LucideIcon }[] = [
  { screen: 'inbox', name: 'Inbox', icon: Inbox },
  { screen: 'keys', name: 'Keys', icon: KeyRound },
  { screen: 'usage', name: 'Usage', icon: ChartColumn },
  { screen: 'settings', name: 'Settings', icon: Settings },
]

export function Sidebar({ unread }: { unread: number }) {
  const current = usePlace((place) => place.screen)
  return (
    <aside
      aria-label="Sidebar"
      className="flex w-[200px] shrink-0 flex-col border-line border-r bg-rail"
    >
      <div className="flex h-12 items-center gap-2.5 px-4">
        <BrandMark />
        <span className="font-semibold text-lg tracking-[-0.01em]">MailSage</span>
      </div>
      <nav aria-label="Screens" className="flex flex-1 flex-col gap-0.5 px-2 pt-1">
        {entries.map(({ screen, name, icon }, index) => {
          const isCurrent = screen === current
          return (
            <Tip key={screen} label={name} shortcut={`mod+${index + 1}`} side="right">
              <a
                href={placeHash(screen)}
                aria-current={isCurrent ? 'page' : undefined}
                className={classes(
                  'flex h-8 cursor-default items-center gap-2.5 rounded-md px-2 font-medium transition-colors',
                  isCurrent
                    ? 'bg-selected text-ink'
                    : 'text-ink-muted hover:bg-hover hover:text-ink',
                )}
              >
                <Icon of={icon} size={16} className={isCurrent ? 'text-sage-ink' : ''} />
                <span className="flex-1">{name}</span>
                {screen === 'inbox' && unread > 0 && <UnreadCount unread={unread} />}
              </a>
            </Tip>
          )
        })}
      </nav>
      <StatusBar />
    </aside>
  )
}

function UnreadCount({ unread }: { unread: number }) {
  return (
    <span className="figures rounded-full bg-sage px-1.5 font-semibold text-on-sage text-xs">
      {formatCount(unread)}
      <span className="sr-only"> unread</span>
    </span>
  )
}
