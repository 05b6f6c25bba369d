import { classes } from './classes.ts'
import { uiLabels } from './labels.ts'

/** Live is warm and filled, test is cool and outlined; the badge always has its text. */
export function ModeBadge({ mode }: { mode: 'live' | 'test' }) {
  const isLive = mode === 'live'
  return (
    <span
      className={classes(
        'inline-flex h-5 items-center gap-1.5 whitespace-nowrap rounded-sm border px-1.5 text-xs font-semibold',
        isLive
          ? 'border-transparent bg-live-soft text-live-ink'
          : 'border-test/60 border-dashed bg-transparent text-test-ink',
      )}
    >
      <span
        className={classes(
          'size-1.5 rounded-full',
          isLive ? 'bg-live' : 'border border-test bg-transparent',
        )}
      />
      {isLive ? uiLabels.live : uiLabels.test}
    </span>
  )
}
