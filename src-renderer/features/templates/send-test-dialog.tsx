import { TriangleAlert } from 'lucide-react'
import { type FormEvent, useEffect, useState } from 'react'
import type { Template } from '../../../src-main/contract/templates.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Note } from '../../ui/notice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { isDirty, saveDraft, useEditor } from './editor-store.ts'
import { templatesLabels } from './labels.ts'
import { useSamples } from './sample-store.ts'
import {
  type Destination,
  type Destinations,
  loadDestinations,
  rememberedAddresses,
  sendTest,
} from './send-test.ts'

const close = () => useEditor.setState({ isSendOpen: false })

export function SendTestDialog({ template }: { template: Template }) {
  const dirty = isDirty(useEditor())
  const chosen = useSamples((state) => state.chosen)
  const [destination, setDestination] = useState<Destination>('inbox')
  const [available, setAvailable] = useState<Destinations>({ inboxes: ['default'], relay: null })
  const [inbox, setInbox] = useState('default')
  const [addresses, setAddresses] = useState(rememberedAddresses)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    let isClosed = false
    loadDestinations().then(
      (loaded) => !isClosed && setAvailable(loaded),
      () => undefined,
    )
    return () => {
      isClosed = true
    }
  }, [])

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      if (dirty && !(await saveDraft())) return
      await sendTest(template, { destination, inbox, ...addresses })
      close()
    } catch (cause) {
      setProblem(cause instanceof Error ? cause.message : String(cause))
    } finally {
      setBusy(false)
    }
  }

  const isReal = destination === 'relay'
  return (
    <Dialog
      open
      onClose={close}
      title={templatesLabels.test.title}
      description={templatesLabels.test.description(chosen)}
    >
      <form onSubmit={submit} noValidate>
        <DialogBody>
          <Segmented
            label={templatesLabels.test.destination}
            value={destination}
            onChange={setDestination}
            options={[
              { value: 'inbox', label: templatesLabels.test.toInbox },
              { value: 'relay', label: templatesLabels.test.toAddress },
            ]}
          />
          {isReal && (
            <Note tone="warn" icon={TriangleAlert}>
              {available.relay === null
                ? templatesLabels.test.noRelay
                : templatesLabels.test.real(available.relay)}
            </Note>
          )}
          <div className="grid grid-cols-2 gap-3">
            <Field label={templatesLabels.test.from}>
              {(control) => (
                <TextInput
                  {...control}
                  value={addresses.from}
                  onChange={(event) => setAddresses({ ...addresses, from: event.target.value })}
                />
              )}
            </Field>
            <Field label={templatesLabels.test.to}>
              {(control) => (
                <TextInput
                  {...control}
                  value={addresses.to}
                  onChange={(event) => setAddresses({ ...addresses, to: event.target.value })}
                />
              )}
            </Field>
          </div>
          {!isReal && (
            <Field label={templatesLabels.test.inbox}>
              {({ id }) => (
                <Select
                  id={id}
                  label={templatesLabels.test.inbox}
                  value={inbox}
                  options={available.inboxes.map((name) => ({ value: name, label: name }))}
                  onChange={setInbox}
                  className="h-8! w-full"
                />
              )}
            </Field>
          )}
          {dirty && <p className="text-ink-muted">{templatesLabels.test.savesFirst}</p>}
          {problem !== null && (
            <div role="alert">
              <Note tone="danger" icon={TriangleAlert}>
                {problem}
              </Note>
            </div>
          )}
        </DialogBody>
        <DialogFooter>
          <Button onClick={close}>{templatesLabels.cancel}</Button>
          <Button
            type="submit"
            look="primary"
            busy={busy}
            disabled={isReal && available.relay === null}
          >
            {templatesLabels.test.action(isReal, dirty)}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
