import { type FormEvent, useState } from 'react'
import { create } from 'zustand'
import type { SavedSearch } from '../../../src-main/contract/messages.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { renameSearch, saveSearch, wholeQuery } from './inbox-views.ts'

/** The search that gets a name: a new one by its query, or a saved one that gets another. */
type Wish = { readonly query: string } | SavedSearch

const useWish = create<{ wish: Wish | null }>(() => ({ wish: null }))

/** Asks for the name under which what is shown now is kept. */
export function openSaveSearch(): void {
  const query = wholeQuery()
  if (query !== '') useWish.setState({ wish: { query } })
}

export function openRenameSearch(search: SavedSearch): void {
  useWish.setState({ wish: search })
}

const close = (): void => useWish.setState({ wish: null })

export function SaveDialog() {
  const wish = useWish((state) => state.wish)
  const isSaved = wish !== null && 'id' in wish
  return (
    <Dialog
      open={wish !== null}
      onClose={close}
      title={isSaved ? 'Rename saved search' : 'Save this search'}
      description={wish && <span className="break-all font-mono text-sm">{wish.query}</span>}
    >
      {wish && <NameForm wish={wish} />}
    </Dialog>
  )
}

function NameForm({ wish }: { wish: Wish }) {
  const [name, setName] = useState('name' in wish ? wish.name : '')
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (name.trim() === '') return setError('Give it a name that you will recognise.')
    setBusy(true)
    try {
      if ('id' in wish) await renameSearch(wish.id, name.trim())
      else await saveSearch(name.trim(), wish.query)
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
        <Field label="Name" error={error}>
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
        <Button onClick={close}>Cancel</Button>
        <Button look="primary" type="submit" busy={busy}>
          {'id' in wish ? 'Rename' : 'Save search'}
        </Button>
      </DialogFooter>
    </form>
  )
}
