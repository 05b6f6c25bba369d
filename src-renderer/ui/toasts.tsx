import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { create } from 'zustand'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'
import { uiLabels } from './labels.ts'

export type Toast = {
  readonly id: string
  readonly tone: 'plain' | 'failure'
  readonly text: string
  readonly action?: { readonly label: string; readonly run: () => void }
}

const stayMs = 5000
const useToasts = create<{ toasts: readonly Toast[] }>(() => ({ toasts: [] }))
/** Timeout of each toast. */
const ends = new Map<string, { timer: ReturnType<typeof setTimeout>; end: () => void }>()
let lastNumber = 0

/** Shows a toast; the same id replaces an earlier one. `onGone` runs at its timeout or when closed. */
export function toast(text: string, options: ToastOptions = {}): void {
  const { id = `toast-${++lastNumber}`, tone = 'plain', action, onGone } = options
  const next: Toast = { id, tone, text, ...(action ? { action } : {}) }
  useToasts.setState(({ toasts }) => ({
    toasts: [...toasts.filter((other) => other.id !== id), next].slice(-4),
  }))
  clearTimeout(ends.get(id)?.timer)
  const end = () => {
    dismissToast(id)
    onGone?.()
  }
  ends.set(id, { timer: setTimeout(end, options.stayMs ?? stayMs), end })
}

type ToastOptions = {
  id?: string
  tone?: Toast['tone']
  action?: Toast['action']
  stayMs?: number
  onGone?: () => void
}

export function toastFailure(cause: unknown): void {
  toast(cause instanceof Error ? cause.message : String(cause), { tone: 'failure', stayMs: 8000 })
}

/** Removes a toast without running its `onGone`. */
export function dismissToast(id: string): void {
  clearTimeout(ends.get(id)?.timer)
  ends.delete(id)
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((other) => other.id !== id) }))
}

export function Toasts() {
  const toasts = useToasts((state) => state.toasts)
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed right-4 bottom-4 z-50 flex w-[360px] flex-col items-end gap-2"
    >
      {toasts.map((one) => (
        <ToastCard key={one.id} toast={one} />
      ))}
    </div>
  )
}

function ToastCard({ toast: { id, tone, text, action } }: { toast: Toast }) {
  const isFailure = tone === 'failure'
  return (
    <div className="pointer-events-auto flex min-w-64 max-w-full animate-rise items-start gap-2.5 rounded-lg bg-raised py-2 pr-2 pl-3 shadow-float">
      <Icon
        of={isFailure ? CircleAlert : CircleCheck}
        className={isFailure ? 'mt-1.5 text-danger-ink' : 'mt-1.5 text-sage-ink'}
      />
      <span className="min-w-0 flex-1 break-words py-1">{text}</span>
      {action && (
        <button
          type="button"
          onClick={action.run}
          className="h-7 rounded-md px-2 font-semibold text-sage-ink hover:bg-sage-soft"
        >
          {action.label}
        </button>
      )}
      <IconButton icon={X} label={uiLabels.dismiss} onClick={() => ends.get(id)?.end()} />
    </div>
  )
}
