import type { ReactNode } from 'react'

/** A screen with a title bar and a scrolling column. */
export function Page({ title, width, actions, children }: PageProps) {
  const column = `mx-auto w-full px-6 ${width === 'narrow' ? 'max-w-[760px]' : 'max-w-[1080px]'}`
  return (
    <section aria-label={title} className="flex h-full min-w-0 flex-col">
      <header className="h-12 shrink-0 border-line border-b">
        <div className={`${column} flex h-full items-center gap-3`}>
          <h1 className="flex-1 font-semibold text-lg">{title}</h1>
          {actions}
        </div>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2">
        <div className={`${column} py-6`}>{children}</div>
      </div>
    </section>
  )
}

type PageProps = {
  title: string
  width: 'narrow' | 'wide'
  actions?: ReactNode
  children: ReactNode
}

export function Section({ title, description, actions, children }: SectionProps) {
  return (
    <section className="space-y-3">
      <div className="flex min-h-7 items-end gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold">{title}</h2>
          {description && <p className="text-ink-muted">{description}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  )
}

type SectionProps = {
  title: string
  description?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

export function Card({ children }: { children: ReactNode }) {
  return (
    <div className="@container overflow-hidden rounded-lg border border-line bg-canvas">
      {children}
    </div>
  )
}
