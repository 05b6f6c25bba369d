import type { ReactNode } from 'react'
import { Field, TextArea, TextInput } from '../../ui/field.tsx'
import type { DraftProblems, KeyDraft } from './key-draft.ts'
import { keysLabels } from './labels.ts'
import { PermissionPicker } from './permission-picker.tsx'

type FormProps = {
  draft: KeyDraft
  problems: DraftProblems
  onChange: (change: Partial<KeyDraft>) => void
}

export function NameField({ draft, problems, onChange }: FormProps) {
  return (
    <Field label={keysLabels.name} error={problems.name} hint={keysLabels.form.nameHint}>
      {(control) => (
        <TextInput
          {...control}
          value={draft.name}
          maxLength={100}
          // The name is a suggestion: typing replaces it.
          onFocus={(event) => event.target.select()}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      )}
    </Field>
  )
}

export function PermissionField({ draft, problems, onChange }: FormProps) {
  return (
    <div>
      <PermissionPicker
        chosen={draft.permissions}
        onChange={(permissions) => onChange({ permissions })}
      />
      {problems.permissions && (
        <p className="mt-1 text-danger-ink text-sm">{problems.permissions}</p>
      )}
    </div>
  )
}

/** `first` is shown beside the inbox field. */
export function RestrictionFields({
  draft,
  problems,
  onChange,
  first,
}: FormProps & { first?: ReactNode }) {
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-4">
      {first}
      <Field
        label={keysLabels.inbox}
        error={problems.inbox}
        hint={draft.mode === 'test' ? keysLabels.form.inboxTest : keysLabels.form.inboxLive}
        className={first ? '' : 'col-span-2'}
      >
        {(control) => (
          <TextInput
            {...control}
            value={draft.inbox}
            maxLength={64}
            onChange={(event) => onChange({ inbox: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={keysLabels.form.requests}
        error={problems.requestsPerMinute}
        hint={keysLabels.form.requestsHint}
      >
        {(control) => (
          <TextInput
            {...control}
            inputMode="numeric"
            placeholder={keysLabels.form.requestsPlaceholder}
            value={draft.requestsPerMinute}
            onChange={(event) => onChange({ requestsPerMinute: event.target.value })}
            className="figures"
          />
        )}
      </Field>
      <Field
        label={keysLabels.form.emails}
        error={problems.emailsPerDay}
        hint={keysLabels.form.emailsHint}
      >
        {(control) => (
          <TextInput
            {...control}
            inputMode="numeric"
            placeholder={keysLabels.form.emailsPlaceholder}
            value={draft.emailsPerDay}
            onChange={(event) => onChange({ emailsPerDay: event.target.value })}
            className="figures"
          />
        )}
      </Field>
      <Field
        label={keysLabels.form.senders}
        error={problems.senders}
        hint={keysLabels.form.sendersHint}
      >
        {(control) => (
          <TextArea
            {...control}
            rows={2}
            placeholder="shop.example.com"
            value={draft.senders}
            onChange={(event) => onChange({ senders: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={keysLabels.form.addresses}
        error={problems.addresses}
        hint={keysLabels.form.addressesHint}
      >
        {(control) => (
          <TextArea
            {...control}
            rows={2}
            placeholder="10.0.0.0/8"
            value={draft.addresses}
            onChange={(event) => onChange({ addresses: event.target.value })}
            className="font-mono text-sm"
          />
        )}
      </Field>
    </div>
  )
}
