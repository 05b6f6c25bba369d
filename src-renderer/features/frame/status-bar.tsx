import { CircleHelp, Monitor, Moon, Sun } from 'lucide-react'
import { useLive } from '../../app/live.ts'
import { useServerSettings } from '../../app/server-settings.ts'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { CopyText } from '../../ui/copy.tsx'
import { formatCount } from '../../ui/format.ts'
import { setTheme, type Theme, useTheme } from '../../ui/theme.ts'
import { Tooltip } from '../../ui/tooltip.tsx'
import { useActivity } from './activity.ts'
import { frameLabels } from './labels.ts'
import { showShortcuts } from './shortcuts-sheet.tsx'

export function StatusBar() {
  const settings = useServerSettings((state) => state.settings)
  return (
    <div className="border-line border-t px-4 pt-3 pb-2 text-sm max-sm:hidden">
      {settings.status === 'ready' && (
        <dl className="mb-2 grid grid-cols-[44px_1fr] gap-y-0.5">
          <dt className="text-ink-faint">{frameLabels.smtp}</dt>
          <dd className="figures min-w-0 font-mono">
            <CopyText
              text={`${settings.value.host}:${settings.value.smtp_port}`}
              hint={frameLabels.copySmtp}
            >
              {settings.value.host}:{settings.value.smtp_port}
            </CopyText>
          </dd>
          <dt className="text-ink-faint">{frameLabels.http}</dt>
          <dd className="figures min-w-0 font-mono">
            <CopyText text={settings.value.url} hint={frameLabels.copyHttp}>
              {settings.value.host}:{settings.value.http_port}
            </CopyText>
          </dd>
          <ActivityRows />
        </dl>
      )}
      <div className="flex items-center">
        <LiveDot />
        <ThemeButton />
        <IconButton
          icon={CircleHelp}
          label={frameLabels.shortcuts}
          shortcut="?"
          className="-mr-2"
          onClick={showShortcuts}
        />
      </div>
    </div>
  )
}

function ActivityRows() {
  const { perMinute, queued } = useActivity()
  return (
    <>
      <dt className="text-ink-faint">{frameLabels.queue}</dt>
      <dd className="figures">{queued === null ? '–' : frameLabels.queued(formatCount(queued))}</dd>
      <dt className="text-ink-faint">{frameLabels.rate}</dt>
      <dd className="figures">{frameLabels.perMinute(formatCount(perMinute))}</dd>
    </>
  )
}

const states = {
  connecting: { text: frameLabels.connecting, dot: 'animate-breathe bg-control' },
  connected: { text: frameLabels.connected, dot: 'bg-sage' },
  reconnecting: { text: frameLabels.reconnecting, dot: 'animate-breathe bg-live' },
} as const

function LiveDot() {
  const { text, dot } = states[useLive(({ state }) => state)]
  return (
    <Tooltip label={frameLabels.liveHint} side="top">
      <span role="status" className="flex flex-1 items-center gap-2 text-ink-muted">
        <span className={classes('size-2 rounded-full', dot)} />
        {text}
      </span>
    </Tooltip>
  )
}

const nextTheme: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' }
const themeIcons = { system: Monitor, light: Sun, dark: Moon } as const

function ThemeButton() {
  const theme = useTheme((state) => state.theme)
  return (
    <IconButton
      icon={themeIcons[theme]}
      label={frameLabels.theme(theme)}
      onClick={() => setTheme(nextTheme[theme])}
    />
  )
}
