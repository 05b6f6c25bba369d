import { X } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { classes } from './classes.ts'
import { Icon } from './icon.tsx'
import { uiLabels } from './labels.ts'

type ChipsProps = {
  id: string
  'aria-describedby'?: string
  'aria-invalid'?: true
  /** The noun for one value, such as `recipient`. */
  name: string
  values: readonly string[]
  onChange: (values: readonly string[]) => void
  isWrong?: (value: string) => boolean
}

/** A list of short texts. Enter, a comma or a paste adds one; Backspace edits the last one. */
export function Chips({ name, values, onChange, isWrong, ...control }: ChipsProps) {
  const [text, setText] = useState('')
  const input = useRef<HTMLInputElement>(null)

  function add(written: string) {
    const added = written.split(/[\s,;]+/).filter((one) => one !== '')
    onChange([...new Set([...values, ...added])])
    setText('')
  }

  function remove(value: string) {
    onChange(values.filter((one) => one !== value))
    input.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent) {
    const last = values.at(-1)
    if ((event.key === 'Enter' || event.key === ',') && text.trim() !== '') {
      event.preventDefault()
      add(text)
    } else if (event.key === 'Enter') {
      // Enter in an empty field must not submit the form.
      event.preventDefault()
    } else if (event.key === 'Backspace' && text === '' && last !== undefined) {
      event.preventDefault()
      onChange(values.slice(0, -1))
      setText(last)
    }
  }

  return (
    <div
      className={classes(
        'flex max-h-40 min-h-8 flex-wrap items-center gap-1 overflow-y-auto rounded-md border bg-canvas p-1 focus-within:outline-2 focus-within:outline-sage',
        control['aria-invalid'] ? 'border-danger' : 'border-line-strong',
      )}
    >
      {values.map((value) => (
        <span
          key={value}
          className={classes(
            'inline-flex h-6 max-w-full items-center rounded-sm pl-2',
            isWrong?.(value) ? 'bg-danger-soft text-danger-ink' : 'bg-selected text-ink',
          )}
        >
          <span className="truncate" title={value}>
            {value}
          </span>
          <button
            type="button"
            aria-label={uiLabels.remove(name, value)}
            onClick={() => remove(value)}
            className="ml-0.5 flex size-6 shrink-0 items-center justify-center rounded-sm text-ink-muted hover:text-ink focus-visible:-outline-offset-2"
          >
            <Icon of={X} size={12} />
          </button>
        </span>
      ))}
      <input
        {...control}
        ref={input}
        value={text}
        autoComplete="off"
        spellCheck={false}
        placeholder={values.length === 0 ? uiLabels.addressExample : ''}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          const pasted = event.clipboardData.getData('text')
          if (!/[\s,;]/.test(pasted.trim())) return
          event.preventDefault()
          add(`${text}${pasted}`)
        }}
        onBlur={() => text.trim() !== '' && add(text)}
        className="h-6 min-w-24 flex-1 bg-transparent px-1 outline-none placeholder:text-ink-faint"
      />
    </div>
  )
}
