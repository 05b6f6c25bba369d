import { type FormEvent, useEffect, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Field } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { expiries } from './key-choices.ts'
import { type KeyDraft, newDraft, noTenant, problemsOf, suggestName } from './key-draft.ts'
import { FenceFields, NameField, PermissionField } from './key-form.tsx'
import { createKey, endTask, loadTenants, useKeys } from './keys-store.ts'
import { ModeChoice } from './mode-choice.tsx'

/** Good as it opens: whoever wants a test key presses one button. */
export function CreateKeyDialog() {
  const keys = useKeys((state) => state.keys)
  const tenants = useKeys((state) => state.tenants)
  const names = keys.status === 'ready' ? keys.value.map(({ name }) => name) : []
  const [draft, setDraft] = useState(() => newDraft(names))
  const [isTried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const problems = problemsOf(draft)
  const shown = isTried ? problems : {}
  const change = (part: Partial<KeyDraft>) => setDraft({ ...draft, ...part })
  const form = { draft, problems: shown, onChange: change }
  useEffect(() => void loadTenants().catch(toastFailure), [])

  function changeMode(mode: KeyDraft['mode']) {
    const isSuggested = draft.name === suggestName(draft.mode, names)
    change({ mode, ...(isSuggested ? { name: suggestName(mode, names) } : {}) })
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (Object.keys(problems).length > 0) return
    setBusy(true)
    try {
      await createKey(draft)
    } catch (cause) {
      toastFailure(cause)
      setBusy(false)
    }
  }

  return (
    <Dialog open onClose={endTask} title="Create API key" width="wide">
      <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
        <DialogBody>
          <NameField {...form} />
          <ModeChoice mode={draft.mode} onChange={changeMode} />
          <PermissionField {...form} />
          <Disclosure
            title="More options"
            summary="Expiry, inbox, limits, senders, addresses, tenant"
          >
            <FenceFields
              {...form}
              first={
                <Field label="Expires" hint="After that it is refused.">
                  {({ id }) => (
                    <Select
                      id={id}
                      label="Expires"
                      value={draft.expiry}
                      options={expiries}
                      onChange={(expiry) => change({ expiry })}
                      className="h-8! w-full"
                    />
                  )}
                </Field>
              }
            />
            {tenants.length > 0 && (
              <Field
                label="Tenant"
                hint="Such a key sees and sends for its tenant alone."
                className="mt-4"
              >
                {({ id }) => (
                  <Select
                    id={id}
                    label="Tenant"
                    value={draft.tenant}
                    options={[
                      { value: noTenant, label: 'No tenant' },
                      ...tenants.map((tenant) => ({ value: tenant.id, label: tenant.name })),
                    ]}
                    onChange={(tenant) => change({ tenant })}
                    className="h-8! w-full"
                  />
                )}
              </Field>
            )}
          </Disclosure>
        </DialogBody>
        <DialogFooter>
          <Button onClick={endTask}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            {draft.mode === 'live' ? 'Create live key' : 'Create test key'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
