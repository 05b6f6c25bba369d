import { CircleAlert, CircleCheck } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Relay } from '../../../src-main/contract/relays.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Note } from '../../ui/notice.tsx'
import { endTask, testRelay, useRelays } from './relays-store.ts'

export function TestDialog({ relay }: { relay: Relay }) {
  const test = useRelays((state) => state.test)
  const [recipient, setRecipient] = useState('')

  function submit(event: FormEvent) {
    event.preventDefault()
    void testRelay(relay, recipient.trim())
  }

  return (
    <Dialog
      open
      onClose={endTask}
      title={`Test “${relay.name}”`}
      description={`Connects to ${relay.host}:${relay.port} and signs in.`}
    >
      <form onSubmit={submit} noValidate>
        <DialogBody>
          <Field label="Send a test message to" hint="Leave it empty to connect only.">
            {(control) => (
              <TextInput
                {...control}
                type="email"
                placeholder="you@example.com"
                value={recipient}
                onChange={(event) => setRecipient(event.target.value)}
              />
            )}
          </Field>
          <div role="status">
            {test?.status === 'ok' && (
              <Note tone="sage" icon={CircleCheck}>
                <p className="font-medium">It works, in {Math.round(test.answer.duration_ms)} ms</p>
                <p className="font-mono text-sm">{test.answer.message}</p>
              </Note>
            )}
            {test?.status === 'failed' && (
              <Note tone="danger" icon={CircleAlert}>
                {test.sentence}
              </Note>
            )}
          </div>
        </DialogBody>
        <DialogFooter>
          <Button onClick={endTask}>Close</Button>
          <Button type="submit" look="primary" busy={test?.status === 'running'}>
            {test?.status === 'running' ? 'Testing…' : 'Test connection'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
