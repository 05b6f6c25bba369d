import { Lock } from 'lucide-react'
import { formatMoment } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import type { Hop } from './header-reading.ts'

/** Each server that took the message, the first one first. */
export function HopTimeline({ hops }: { hops: readonly Hop[] }) {
  return (
    <ol>
      {hops.map((hop, index) => (
        // Two stops may read the same.
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
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
              {hop.by ?? 'a server that does not say its name'}
            </p>
            <p className="flex min-w-0 items-center gap-1.5 text-ink-faint text-sm">
              {hop.from && (
                <span className="truncate" title={hop.from}>
                  from {hop.from}
                </span>
              )}
              {hop.protocol && <span className="shrink-0">with {hop.protocol}</span>}
              {hop.isEncrypted && (
                <Tooltip label="Encrypted on this leg">
                  <span>
                    <Icon of={Lock} size={12} className="text-sage-ink" />
                    <span className="sr-only">, encrypted</span>
                  </span>
                </Tooltip>
              )}
            </p>
          </div>
          <div className="figures shrink-0 text-right text-sm">
            <p>{hop.at === null ? '' : formatMoment(new Date(hop.at).toISOString())}</p>
            <p className="text-ink-faint">{hop.delayMs === null ? '' : delay(hop.delayMs)}</p>
          </div>
        </li>
      ))}
    </ol>
  )
}

function delay(ms: number): string {
  if (ms < 0) return 'clocks differ'
  const seconds = Math.round(ms / 1000)
  if (seconds < 1) return 'at once'
  if (seconds < 120) return `${seconds} s later`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min later` : `${Math.round(minutes / 60)} h later`
}
