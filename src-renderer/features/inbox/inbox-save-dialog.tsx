import { type FormEvent, useState } from 'react'
import { create } from 'zustand'
import type { SavedSearch } from '../../../src-main/contract/messages.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { renameSearch, saveSearch, wholeQuery } from './inbox-views.ts'
import { inboxLabels } from './labels.ts'

/** A query to save under a name, or a saved search to rename. */
type Target = { readonly query: string } | SavedSearch

const useSaveDialog = create<{ target: Target | null }>(() => ({ target: null }))

/** Opens the dialog that saves the current search. */
export function openSaveSearch(): void {
  const query = wholeQuery()
  if (query !== '') useSaveDialog.setState({ target: { query } })
}

export function openRenameSearch(search: SavedSearch): void {
  useSaveDialog.setState({ target: search })
}

const close = (): void => useSaveDialog.setState({ target: null })

export function SaveDialog() {
  const target = useSaveDialog((state) => state.target)
  const isSaved = target !== null && 'id' in target
  return (
    <Dialog
      open={target !== null}
      onClose={close}
      title={isSaved ? inboxLabels.renameSearchTitle : inboxLabels.saveSearchTitle}
      description={target && <span className="break-all font-mono text-sm">{target.query}</span>}
    >
      {target && <NameForm target={target} />}
    </Dialog>
  )
}

function NameForm({ target }: { target: Target }) {
  const [name, setName] = useState('name' in target ? target.name : '')
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (name.trim() === '') return setError(inboxLabels.nameMissing)
    setBusy(true)
    try {
      if ('id' in target) await renameSearch(target.id, name.trim())
      else await saveSearch(name.trim(), target.query)
      close()
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form onSubmit={submit}>
      <DialogBody>
        <Field label={inboxLabels.name} error={error}>
          {(control) => (
            <TextInput
              {...control}
              value={name}
              maxLength={60}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFooter>
        <Button onClick={close}>{inboxLabels.cancel}</Button>
        <Button look="primary" type="submit" busy={busy}>
          {'id' in target ? inboxLabels.renameButton : inboxLabels.saveSearchButton}
        </Button>
      </DialogFooter>
    </form>
  )
}
