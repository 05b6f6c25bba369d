import { CircleAlert, type LucideIcon, RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import { uiLabels } from './labels.ts'

/** An empty state with a title and advice. */
export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <div className="flex h-full flex-col items-center justify-center px-8 py-12 text-center">
      <div className="mb-3 flex size-9 items-center justify-center rounded-lg border border-line bg-sunken text-ink-faint">
        <Icon of={icon} size={18} />
      </div>
      <p className="font-medium text-ink">{title}</p>
      {children && <div className="mt-1 max-w-sm text-ink-muted">{children}</div>}
    </div>
  )
}

type EmptyProps = { icon: LucideIcon; title: string; children?: ReactNode }

type FailureProps = { failure: Error; onRetry: () => void; children?: ReactNode }

/** An error with a retry button; `children` are further buttons. */
export function Failure({ failure, onRetry, children }: FailureProps) {
  return (
    <div
      role="alert"
      className="flex h-full flex-col items-center justify-center px-8 py-12 text-center"
    >
      <div className="mb-3 flex size-9 items-center justify-center rounded-lg bg-danger-soft text-danger-ink">
        <Icon of={CircleAlert} size={18} />
      </div>
      <p className="max-w-md break-words text-ink">{failure.message}</p>
      <div className="mt-4 flex gap-2">
        <Button icon={RotateCw} onClick={onRetry}>
          {uiLabels.retry}
        </Button>
        {children}
      </div>
    </div>
  )
}

const looks = {
  warn: 'bg-warn-soft text-warn-ink',
  danger: 'bg-danger-soft text-danger-ink',
  sage: 'bg-sage-soft text-sage-ink',
} as const

/** A highlighted note in a form or on a page. */
export function Note({ tone, icon, children }: NoteProps) {
  return (
    <div className={`flex items-start gap-2 rounded-lg px-3 py-2 ${looks[tone]}`}>
      <Icon of={icon} className="mt-0.5 shrink-0" />
      <div className="min-w-0 flex-1 break-words">{children}</div>
    </div>
  )
}

type NoteProps = { tone: keyof typeof looks; icon: LucideIcon; children: ReactNode }
