import { AlertDialog } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { Button } from './button.tsx'
import { uiLabels } from './labels.ts'
import { toastFailure } from './toasts.tsx'

type ConfirmProps = {
  open: boolean
  onClose: () => void
  title: string
  children: ReactNode
  action: string
  /** False while the dialog still needs input. */
  ready?: boolean
  onConfirm: () => Promise<void>
}

/** Asks before an action that can't be undone. */
export function Confirm(props: ConfirmProps) {
  const { open, onClose, title, children, action, ready = true, onConfirm } = props
  const [busy, setBusy] = useState(false)

  async function confirm() {
    setBusy(true)
    try {
      await onConfirm()
      onClose()
    } catch (cause) {
      toastFailure(cause)
    } finally {
      setBusy(false)
    }
  }

  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <AlertDialog.Content className="fixed inset-x-0 top-[14vh] z-40 mx-auto w-[420px] max-w-[calc(100vw-24px)] animate-rise rounded-xl bg-raised shadow-float">
          <div className="px-5 pt-4 pb-5">
            <AlertDialog.Title className="font-semibold text-lg">{title}</AlertDialog.Title>
            <AlertDialog.Description asChild>
              <div className="mt-1 space-y-2 text-ink-muted">{children}</div>
            </AlertDialog.Description>
          </div>
          <div className="flex justify-end gap-2 border-line border-t px-5 py-3">
            <AlertDialog.Cancel asChild>
              <Button>{uiLabels.cancel}</Button>
            </AlertDialog.Cancel>
            <Button look="danger" busy={busy} disabled={!ready} onClick={confirm}>
              {action}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
