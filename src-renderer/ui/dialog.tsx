import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { IconButton } from './button.tsx'
import { classes } from './classes.ts'
import { uiLabels } from './labels.ts'

type DialogProps = {
  open: boolean
  onClose: () => void
  title: string
  description?: ReactNode
  /** Escape and outside clicks do not close it. */
  locked?: boolean
  /** Called when the user tries to close a locked dialog. */
  onCloseAttempt?: () => void
  width?: 'narrow' | 'wide'
  children: ReactNode
}

export function Dialog({
  open,
  onClose,
  title,
  description,
  locked,
  onCloseAttempt,
  width,
  children,
}: DialogProps) {
  const stay = (event: Event) => {
    if (!locked) return
    event.preventDefault()
    onCloseAttempt?.()
  }
  return (
    <Primitive.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Primitive.Content
          onEscapeKeyDown={stay}
          onOpenAutoFocus={focusFirstField}
          onInteractOutside={stay}
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={classes(
            'fixed inset-x-0 top-[7vh] z-40 mx-auto flex max-h-[86vh] max-w-[calc(100vw-24px)] animate-rise flex-col rounded-xl outline-none bg-raised shadow-float',
            width === 'wide' ? 'w-[560px]' : 'w-[440px]',
          )}
        >
          <header className="flex items-start gap-4 px-5 pt-4 pb-3">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="font-semibold text-lg">{title}</Primitive.Title>
              {description && (
                <Primitive.Description className="mt-0.5 text-ink-muted">
                  {description}
                </Primitive.Description>
              )}
            </div>
            {!locked && (
              <Primitive.Close asChild>
                <IconButton
                  icon={X}
                  label={uiLabels.close}
                  shortcut="Esc"
                  className="-mt-1 -mr-2"
                />
              </Primitive.Close>
            )}
            {locked && onCloseAttempt && (
              <IconButton
                icon={X}
                label={uiLabels.close}
                onClick={onCloseAttempt}
                className="-mt-1 -mr-2"
              />
            )}
          </header>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

/** Focuses the first field, else the dialog: the close button's tooltip would cover content. */
function focusFirstField(event: Event): void {
  event.preventDefault()
  if (!(event.currentTarget instanceof HTMLElement)) return
  const field = event.currentTarget.querySelector<HTMLElement>('input')
  const target = field ?? event.currentTarget
  target.focus()
}

/** `isText`: it has no controls, so it takes the focus itself and scrolls by keyboard. */
export function DialogBody({ isText, children }: { isText?: boolean; children: ReactNode }) {
  return (
    <div
      {...(isText ? { tabIndex: 0 } : {})}
      className="min-h-0 flex-1 space-y-4 overflow-y-auto px-5 pt-1 pb-5 focus-visible:-outline-offset-2"
    >
      {children}
    </div>
  )
}

export function DialogFooter({ children }: { children: ReactNode }) {
  return (
    <footer className="flex items-center justify-end gap-2 border-line border-t px-5 py-3">
      {children}
    </footer>
  )
}
