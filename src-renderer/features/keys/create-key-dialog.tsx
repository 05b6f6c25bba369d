import { type FormEvent, useEffect, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Field } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { expiries } from './key-choices.ts'
import { type KeyDraft, newDraft, noTenant, problemsOf, suggestName } from './key-draft.ts'
import { NameField, PermissionField, RestrictionFields } from './key-form.tsx'
import { createKey, endTask, loadTenants, useKeys } from './keys-store.ts'
import { keysLabels } from './labels.ts'
import { ModeChoice } from './mode-choice.tsx'

/** The defaults are complete: a test key takes one click. */
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
    <Dialog open onClose={endTask} title={keysLabels.create.title} width="wide">
      <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
        <DialogBody>
          <NameField {...form} />
          <ModeChoice mode={draft.mode} onChange={changeMode} />
          <PermissionField {...form} />
          <Disclosure title={keysLabels.create.more} summary={keysLabels.create.moreSummary}>
            <RestrictionFields
              {...form}
              first={
                <Field label={keysLabels.expires} hint={keysLabels.create.expiresHint}>
                  {({ id }) => (
                    <Select
                      id={id}
                      label={keysLabels.expires}
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
              <Field label={keysLabels.tenant} hint={keysLabels.create.tenantHint} className="mt-4">
                {({ id }) => (
                  <Select
                    id={id}
                    label={keysLabels.tenant}
                    value={draft.tenant}
                    options={[
                      { value: noTenant, label: keysLabels.create.noTenant },
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
          <Button onClick={endTask}>{keysLabels.cancel}</Button>
          <Button type="submit" look="primary" busy={busy}>
            {draft.mode === 'live' ? keysLabels.create.live : keysLabels.create.test}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
