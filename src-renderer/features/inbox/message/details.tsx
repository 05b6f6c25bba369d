import type { ReactNode } from 'react'

/** Names and values in two columns. */
export function Facts({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-[120px_minmax(0,1fr)] gap-y-1 rounded-lg border border-line bg-sunken px-3 py-2.5">
      {children}
    </dl>
  )
}

type FactProps = { name: string; isMono?: boolean; children: ReactNode }

export function Fact({ name, isMono, children }: FactProps) {
  return (
    <>
      <dt className="text-ink-muted leading-5">{name}</dt>
      <dd className={`min-w-0 break-words leading-5 ${isMono ? 'font-mono text-sm' : ''}`}>
        {children}
      </dd>
    </>
  )
}
