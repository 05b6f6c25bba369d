import type { ReactNode } from 'react'
import { Field, TextArea, TextInput } from '../../ui/field.tsx'
import type { DraftProblems, KeyDraft } from './key-draft.ts'
import { PermissionPicker } from './permission-picker.tsx'

type FormProps = {
  draft: KeyDraft
  problems: DraftProblems
  onChange: (change: Partial<KeyDraft>) => void
}

export function NameField({ draft, problems, onChange }: FormProps) {
  return (
    <Field label="Name" error={problems.name} hint="Where it is used, such as “Shop staging”.">
      {(control) => (
        <TextInput
          {...control}
          value={draft.name}
          maxLength={100}
          // What stands there is a suggestion: typing replaces it.
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

/** Everything that fences a key in. `first` stands beside the inbox. */
export function FenceFields({
  draft,
  problems,
  onChange,
  first,
}: FormProps & { first?: ReactNode }) {
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-4">
      {first}
      <Field
        label="Inbox"
        error={problems.inbox}
        hint={draft.mode === 'test' ? 'Catches what this key sends.' : 'Used in test mode only.'}
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
        label="Requests a minute"
        error={problems.requestsPerMinute}
        hint="Empty: what the plan allows."
      >
        {(control) => (
          <TextInput
            {...control}
            inputMode="numeric"
            placeholder="Plan"
            value={draft.requestsPerMinute}
            onChange={(event) => onChange({ requestsPerMinute: event.target.value })}
            className="figures"
          />
        )}
      </Field>
      <Field label="Emails a day" error={problems.emailsPerDay} hint="Empty: no daily limit.">
        {(control) => (
          <TextInput
            {...control}
            inputMode="numeric"
            placeholder="No limit"
            value={draft.emailsPerDay}
            onChange={(event) => onChange({ emailsPerDay: event.target.value })}
            className="figures"
          />
        )}
      </Field>
      <Field
        label="Allowed senders"
        error={problems.senders}
        hint="Addresses or domains, one a line. Empty: any."
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
        label="Allowed IPs"
        error={problems.addresses}
        hint="Addresses or CIDR ranges, one a line. Empty: any."
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
