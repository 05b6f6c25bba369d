import { type FormEvent, useState } from 'react'
import type { Relay } from '../../../src-main/contract/relays.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { endTask, type TestResult, testRelay } from './relays-store.ts'
import { TestOutcome } from './smtp-transcript.tsx'

export function TestDialog({ relay }: { relay: Relay }) {
  const [test, setTest] = useState<TestResult | null>(null)
  const [recipient, setRecipient] = useState('')
  const isRunning = test?.status === 'running'

  async function submit(event: FormEvent) {
    event.preventDefault()
    setTest({ status: 'running' })
    setTest(await testRelay(relay, recipient.trim()))
  }

  return (
    <Dialog
      open
      onClose={endTask}
      title={`Test “${relay.name}”`}
      description={`Connects to ${relay.host}:${relay.port} and signs in.`}
      width="wide"
    >
      <form onSubmit={submit} noValidate className="flex min-h-0 flex-1 flex-col">
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
          <TestOutcome result={test} />
        </DialogBody>
        <DialogFooter>
          <Button onClick={endTask}>Close</Button>
          <Button type="submit" look="primary" busy={isRunning}>
            {isRunning ? 'Testing…' : recipient.trim() ? 'Send test message' : 'Test connection'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
