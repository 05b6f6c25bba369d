import { type ComponentProps, type ReactNode, useId } from 'react'
import { classes } from './classes.ts'

const inputLook =
  'h-8 w-full rounded-md border border-line-strong bg-canvas px-2.5 text-ink placeholder:text-ink-faint disabled:opacity-60 aria-invalid:border-danger focus-visible:outline-offset-0'

type FieldProps = {
  label: string
  hint?: ReactNode
  error?: string | null | undefined
  className?: string
  children: (control: {
    id: string
    'aria-describedby'?: string
    'aria-invalid'?: true
  }) => ReactNode
}

/** A label, its control, and a hint or an error below it. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  const note = error ?? hint
  return (
    <div className={classes('min-w-0', className)}>
      <label htmlFor={id} className="mb-1 block font-medium text-sm">
        {label}
      </label>
      {children({
        id,
        ...(note ? { 'aria-describedby': noteId } : {}),
        ...(error ? { 'aria-invalid': true } : {}),
      })}
      {note && (
        <p
          id={noteId}
          className={classes('mt-1 text-sm', error ? 'text-danger-ink' : 'text-ink-faint')}
        >
          {note}
        </p>
      )}
    </div>
  )
}

export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      autoComplete="off"
      spellCheck={false}
      {...rest}
      className={classes(inputLook, 'h-auto resize-y py-1.5 leading-5', className)}
    />
  )
}

export function TextInput({ className, ...rest }: ComponentProps<'input'>) {
  return (
    <input
      autoComplete="off"
      spellCheck={false}
      {...rest}
      className={classes(inputLook, className)}
    />
  )
}
