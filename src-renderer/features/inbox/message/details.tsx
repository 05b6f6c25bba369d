import type { ReactNode } from 'react'

/** A two-column list of names and values. */
export function Details({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-[120px_minmax(0,1fr)] gap-y-1 rounded-lg border border-line bg-sunken px-3 py-2.5">
      {children}
    </dl>
  )
}

type DetailProps = { name: string; isMono?: boolean; children: ReactNode }

export function Detail({ name, isMono, children }: DetailProps) {
  return (
    <>
      <dt className="text-ink-muted leading-5">{name}</dt>
      <dd className={`min-w-0 break-words leading-5 ${isMono ? 'font-mono text-sm' : ''}`}>
        {children}
      </dd>
    </>
  )
}
