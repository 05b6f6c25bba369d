import { CirclePause } from 'lucide-react'
import { changeSettings, useServerSettings } from '../../app/server-settings.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { desktopLabels } from './labels.ts'

/** Shown on every screen while capture is paused. */
export function PauseBanner() {
  const settings = useServerSettings((state) => state.settings)
  if (settings.status !== 'ready' || !settings.value.capture_paused) return null
  return (
    <div
      role="status"
      className="flex h-10 shrink-0 items-center gap-2 border-line border-b bg-warn-soft px-4 text-warn-ink"
    >
      <Icon of={CirclePause} className="shrink-0" />
      <span className="min-w-0 flex-1 truncate">{desktopLabels.capturePaused}</span>
      <Button onClick={() => changeSettings({ capture_paused: false }).catch(toastFailure)}>
        {desktopLabels.resumeCapture}
      </Button>
    </div>
  )
}
