import { classes } from './classes.ts'
import { uiLabels } from './labels.ts'

export function Skeleton({ className }: { className?: string }) {
  return <div className={classes('animate-shimmer rounded-sm bg-line', className)} />
}

/** Placeholders for rows that are loading. */
export function SkeletonRows({ count, height }: { count: number; height: number }) {
  return (
    <div role="status" aria-label={uiLabels.loading}>
      {Array.from({ length: count }, (_, index) => index).map((index) => (
        <div
          key={index}
          className="flex flex-col justify-center gap-2 border-line border-b px-4"
          style={{ height }}
        >
          <Skeleton className={index % 3 === 0 ? 'h-2.5 w-2/5' : 'h-2.5 w-1/3'} />
          {height > 44 && <Skeleton className={index % 2 === 0 ? 'h-2.5 w-4/5' : 'h-2.5 w-3/5'} />}
        </div>
      ))}
    </div>
  )
}
