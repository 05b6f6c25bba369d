import { Search } from 'lucide-react'
import { routeHash, type Screen, useRoute } from '../../app/router.ts'
import { screenGroups, screenShortcut, screenTable } from '../../app/screens.ts'
import { BrandMark } from '../../ui/brand.tsx'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { frameLabels } from './labels.ts'
import { OpenAlerts } from './open-alerts.tsx'
import { showPalette } from './palette.tsx'
import { ServerSwitcher } from './server-switcher.tsx'
import { StatusBar } from './status-bar.tsx'

export function Sidebar({ unread }: { unread: number }) {
  return (
    <aside
      aria-label={frameLabels.sidebar}
      className="flex w-[200px] shrink-0 flex-col border-line border-r bg-rail max-sm:w-12"
    >
      <div className="flex h-12 shrink-0 items-center gap-1 px-4 max-sm:hidden">
        {window.mailsage ? <ServerSwitcher /> : <Brand />}
        <IconButton
          icon={Search}
          label={frameLabels.search}
          shortcut="mod+k"
          className="-mr-2"
          onClick={showPalette}
        />
      </div>
      <nav
        aria-label={frameLabels.screens}
        className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-2 pt-1 pb-3"
      >
        {screenGroups.map(({ name, screens }) => (
          <fieldset key={name} className="flex flex-col gap-0.5">
            <legend className="mb-1 px-2 font-medium text-ink-faint text-xs max-sm:sr-only">
              {name}
            </legend>
            {screens.map((screen) => (
              <ScreenLink key={screen} screen={screen} count={screen === 'inbox' ? unread : 0} />
            ))}
          </fieldset>
        ))}
      </nav>
      <StatusBar />
    </aside>
  )
}

function Brand() {
  return (
    <span className="flex flex-1 items-center gap-2.5 font-semibold text-lg tracking-[-0.01em]">
      <BrandMark />
      {frameLabels.mailsage}
    </span>
  )
}

function ScreenLink({ screen, count }: { screen: Screen; count: number }) {
  const isCurrent = useRoute((route) => route.screen) === screen
  const { name, icon } = screenTable[screen]
  return (
    <Tooltip label={name} shortcut={screenShortcut(screen)} side="right">
      <a
        href={routeHash(screen)}
        aria-current={isCurrent ? 'page' : undefined}
        className={classes(
          'flex h-7 cursor-default items-center gap-2.5 rounded-md px-2 font-medium transition-colors',
          isCurrent ? 'bg-selected text-ink' : 'text-ink-muted hover:bg-hover hover:text-ink',
        )}
      >
        <Icon of={icon} size={16} className={isCurrent ? 'text-sage-ink' : ''} />
        <span className="flex-1 max-sm:sr-only">{name}</span>
        {screen === 'usage' && <OpenAlerts />}
        {count > 0 && <UnreadCount unread={count} />}
      </a>
    </Tooltip>
  )
}

function UnreadCount({ unread }: { unread: number }) {
  return (
    <span className="figures rounded-full bg-sage px-1.5 font-semibold text-on-sage text-xs max-sm:sr-only">
      {formatCount(unread)}
      <span className="sr-only">{frameLabels.unread}</span>
    </span>
  )
}
