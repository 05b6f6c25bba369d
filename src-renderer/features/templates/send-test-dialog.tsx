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
import { useSamples } from './sample-store.ts'
import { askWays, rememberedAddresses, sendTest, type Way, type Ways } from './send-test.ts'

const close = () => useEditor.setState({ isSendOpen: false })

export function SendTestDialog({ template }: { template: Template }) {
  const dirty = isDirty(useEditor())
  const chosen = useSamples((state) => state.chosen)
  const [way, setWay] = useState<Way>('inbox')
  const [ways, setWays] = useState<Ways>({ inboxes: ['default'], relay: null })
  const [inbox, setInbox] = useState('default')
  const [addresses, setAddresses] = useState(rememberedAddresses)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    let gone = false
    askWays().then(
      (found) => !gone && setWays(found),
      () => undefined,
    )
    return () => {
      gone = true
    }
  }, [])

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      if (dirty && !(await saveDraft())) return
      await sendTest(template, { way, inbox, ...addresses })
      close()
    } catch (cause) {
      setProblem(cause instanceof Error ? cause.message : String(cause))
    } finally {
      setBusy(false)
    }
  }

  const isReal = way === 'relay'
  const verb = isReal ? 'Send for real' : 'Capture'
  return (
    <Dialog open onClose={close} title="Send a test" description={`With the data set “${chosen}”.`}>
      <form onSubmit={submit} noValidate>
        <DialogBody>
          <Segmented
            label="Where to"
            value={way}
            onChange={setWay}
            options={[
              { value: 'inbox', label: 'Into an inbox here' },
              { value: 'relay', label: 'To a real address' },
            ]}
          />
          {isReal && (
            <Note tone="warn" icon={TriangleAlert}>
              {ways.relay === null
                ? 'There is no relay yet. Add one under Relays before you send to a real address.'
                : `This leaves the machine: ${ways.relay} delivers it, and it cannot be taken back.`}
            </Note>
          )}
          <div className="grid grid-cols-2 gap-3">
            <Field label="From">
              {(control) => (
                <TextInput
                  {...control}
                  value={addresses.from}
                  onChange={(event) => setAddresses({ ...addresses, from: event.target.value })}
                />
              )}
            </Field>
            <Field label="To">
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
            <Field label="Inbox">
              {({ id }) => (
                <Select
                  id={id}
                  label="Inbox"
                  value={inbox}
                  options={ways.inboxes.map((name) => ({ value: name, label: name }))}
                  onChange={setInbox}
                  className="h-8! w-full"
                />
              )}
            </Field>
          )}
          {dirty && (
            <p className="text-ink-muted">Your changes are saved as a new version first.</p>
          )}
          {problem !== null && (
            <div role="alert">
              <Note tone="danger" icon={TriangleAlert}>
                {problem}
              </Note>
            </div>
          )}
        </DialogBody>
        <DialogFooter>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy} disabled={isReal && ways.relay === null}>
            {dirty ? `Save, then ${verb.toLowerCase()}` : verb}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
