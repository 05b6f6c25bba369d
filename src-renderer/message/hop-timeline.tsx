import { Lock } from 'lucide-react'
import { formatMoment } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import type { Hop } from './header-reading.ts'
import { messageLabels } from './labels.ts'

/** The servers that received the message, oldest first. */
export function HopTimeline({ hops }: { hops: readonly Hop[] }) {
  return (
    <ol>
      {hops.map((hop, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: hops may be equal, and their order never changes
        <li key={index} className="group relative flex gap-3 pb-3 pl-5 last:pb-0">
          <span
            aria-hidden
            className="absolute top-1.5 left-0 size-2 rounded-full border-2 border-sage bg-canvas"
          />
          <span
            aria-hidden
            className="absolute top-4 bottom-0 left-[3px] w-0.5 bg-line group-last:hidden"
          />
          <div className="min-w-0 flex-1">
            <p className="truncate font-mono text-sm leading-5" title={hop.by ?? ''}>
              {hop.by ?? messageLabels.unnamedServer}
            </p>
            <p className="flex min-w-0 items-center gap-1.5 text-ink-faint text-sm">
              {hop.from && (
                <span className="truncate" title={hop.from}>
                  {messageLabels.fromHost(hop.from)}
                </span>
              )}
              {hop.protocol && (
                <span className="shrink-0">{messageLabels.withProtocol(hop.protocol)}</span>
              )}
              {hop.isEncrypted && (
                <Tooltip label={messageLabels.encryptedHop}>
                  <span>
                    <Icon of={Lock} size={12} className="text-sage-ink" />
                    <span className="sr-only">{messageLabels.encryptedSuffix}</span>
                  </span>
                </Tooltip>
              )}
            </p>
          </div>
          <div className="figures shrink-0 text-right text-sm">
            <p>{hop.at === null ? '' : formatMoment(new Date(hop.at).toISOString())}</p>
            <p className="text-ink-faint">{hop.delayMs === null ? '' : formatDelay(hop.delayMs)}</p>
          </div>
        </li>
      ))}
    </ol>
  )
}

function formatDelay(ms: number): string {
  if (ms < 0) return messageLabels.clocksDiffer
  const seconds = Math.round(ms / 1000)
  if (seconds < 1) return messageLabels.noDelay
  if (seconds < 120) return messageLabels.delay(seconds, 's')
  const minutes = Math.round(seconds / 60)
  return minutes < 120
    ? messageLabels.delay(minutes, 'min')
    : messageLabels.delay(Math.round(minutes / 60), 'h')
}
