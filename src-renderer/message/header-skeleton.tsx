import { Skeleton } from '../ui/skeleton.tsx'
import { messageLabels } from './labels.ts'

/** The placeholder for a message that is loading. */
export function HeaderSkeleton() {
  return (
    <div role="status" aria-label={messageLabels.loading} className="space-y-3 px-5 py-4">
      <Skeleton className="h-4 w-3/5" />
      <Skeleton className="h-3 w-2/5" />
      <Skeleton className="h-3 w-1/3" />
    </div>
  )
}
