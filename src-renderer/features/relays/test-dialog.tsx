import { type FormEvent, useState } from 'react'
import type { Relay } from '../../../src-main/contract/relays.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { relaysLabels } from './labels.ts'
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
      title={relaysLabels.test.title(relay.name)}
      description={relaysLabels.test.description(`${relay.host}:${relay.port}`)}
      width="wide"
    >
      <form onSubmit={submit} noValidate className="flex min-h-0 flex-1 flex-col">
        <DialogBody>
          <Field label={relaysLabels.test.recipient} hint={relaysLabels.test.recipientHint}>
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
          <Button onClick={endTask}>{relaysLabels.close}</Button>
          <Button type="submit" look="primary" busy={isRunning}>
            {isRunning
              ? relaysLabels.testing
              : recipient.trim()
                ? relaysLabels.test.send
                : relaysLabels.testConnection}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
