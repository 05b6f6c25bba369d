import type { ReactNode } from 'react'
import type { Load } from '../../ui/load.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { loadKeyDetail } from './key-detail-store.ts'
import { keysLabels } from './labels.ts'

export function DrawerSection({ title, aside, children }: SectionProps) {
  return (
    <section aria-label={title} className="border-line border-b px-5 py-4 last:border-b-0">
      <div className="mb-2 flex h-7 items-center justify-between gap-2">
        <h3 className="font-medium">{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  )
}

type SectionProps = { title: string; aside?: ReactNode; children: ReactNode }

type LoadedProps<T> = {
  load: Load<readonly T[]>
  empty: string
  children: (rows: readonly T[]) => ReactNode
}

/** A list with its loading, empty and failed states. */
export function LoadedList<T>({ load, empty, children }: LoadedProps<T>) {
  if (load.status === 'failed') {
    return (
      <p role="alert" className="text-ink-muted text-sm">
        {load.failure.message}{' '}
        <button
          type="button"
          onClick={() => void loadKeyDetail()}
          className="font-medium text-sage-ink underline underline-offset-2"
        >
          {keysLabels.drawer.retry}
        </button>
      </p>
    )
  }
  if (load.status !== 'ready') return <Skeleton className="my-1 h-2.5 w-3/5" />
  if (load.value.length === 0) return <p className="text-ink-faint text-sm">{empty}</p>
  return children(load.value)
}
