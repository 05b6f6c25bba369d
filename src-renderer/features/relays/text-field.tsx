import type { ReactNode } from 'react'
import { Field, TextInput } from '../../ui/field.tsx'
import type { Problems, RelayForm, TextName } from './relay-form.ts'

/** Props of every step of the form. */
export type StepProps = {
  readonly form: RelayForm
  readonly problems: Problems
  readonly onChange: (part: Partial<RelayForm>) => void
}

type TextFieldProps = StepProps & {
  name: TextName
  label: string
  type?: 'password'
  placeholder?: string
  hint?: ReactNode
  isMono?: boolean
}

export function TextField(props: TextFieldProps) {
  const { form, problems, onChange, name, label, hint, isMono, ...rest } = props
  return (
    <Field label={label} error={problems[name]} hint={hint}>
      {(control) => (
        <TextInput
          {...control}
          {...rest}
          className={isMono ? 'font-mono text-sm' : ''}
          value={form[name]}
          onChange={(event) => onChange({ [name]: event.target.value })}
        />
      )}
    </Field>
  )
}
