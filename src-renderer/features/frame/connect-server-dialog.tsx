import { ShieldAlert } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import type { ConnectAnswer, NewServer } from '../../../src-main/electron/bridge.ts'
import { hideConnectServer, useRemoteServers } from '../../app/remote-servers.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Note } from '../../ui/notice.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { frameLabels } from './labels.ts'

export function ConnectServerDialog() {
  const connecting = useRemoteServers((state) => state.connecting)
  return (
    <Dialog
      open={connecting !== null}
      onClose={hideConnectServer}
      title={frameLabels.connectTitle}
      description={frameLabels.connectDescription}
    >
      {connecting && <ConnectForm initial={connecting} />}
    </Dialog>
  )
}

type Problem = Exclude<ConnectAnswer, { type: 'connected' }>

function ConnectForm({ initial }: { initial: Pick<NewServer, 'address' | 'name'> }) {
  const formId = useId()
  const [address, setAddress] = useState(initial.address)
  const [key, setKey] = useState('')
  const [name, setName] = useState(initial.name)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const isWarned = problem?.type === 'unencrypted'
  const errorOf = (field: 'address' | 'key') =>
    problem?.type === 'refused' && problem.field === field ? problem.sentence : null

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    try {
      const server = { name, address, key, unencrypted: isWarned }
      const answer = await window.mailsage?.connectServer(server)
      if (answer?.type === 'connected') hideConnectServer()
      else setProblem(answer ?? null)
    } catch (cause) {
      toastFailure(cause)
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <DialogBody>
        <form id={formId} onSubmit={submit} className="space-y-4">
          <Field
            label={frameLabels.address}
            hint={frameLabels.addressHint}
            error={errorOf('address')}
          >
            {(control) => (
              <TextInput
                {...control}
                value={address}
                maxLength={300}
                placeholder={frameLabels.addressExample}
                className="font-mono"
                onChange={({ target }) => {
                  setAddress(target.value)
                  setProblem(null)
                }}
              />
            )}
          </Field>
          <Field
            label={frameLabels.adminKey}
            hint={frameLabels.adminKeyHint}
            error={errorOf('key')}
          >
            {(control) => (
              <TextInput
                {...control}
                type="password"
                value={key}
                maxLength={300}
                placeholder={frameLabels.adminKeyExample}
                className="font-mono"
                onChange={({ target }) => {
                  setKey(target.value)
                  // The warning is about the address, so a new key does not clear it.
                  if (problem?.type === 'refused') setProblem(null)
                }}
              />
            )}
          </Field>
          <Field label={frameLabels.name} hint={frameLabels.nameHint}>
            {(control) => (
              <TextInput
                {...control}
                value={name}
                maxLength={60}
                placeholder={hostOf(address) ?? frameLabels.nameExample}
                onChange={({ target }) => setName(target.value)}
              />
            )}
          </Field>
          {isWarned && (
            <div role="alert">
              <Note tone="warn" icon={ShieldAlert}>
                {frameLabels.unencrypted(problem.host)}
              </Note>
            </div>
          )}
        </form>
      </DialogBody>
      <DialogFooter>
        <Button onClick={hideConnectServer}>{frameLabels.cancel}</Button>
        <Button type="submit" form={formId} look="primary" busy={isBusy}>
          {submitLabel(isBusy, isWarned)}
        </Button>
      </DialogFooter>
    </>
  )
}

function submitLabel(isBusy: boolean, isWarned: boolean): string {
  if (isBusy) return frameLabels.checking
  return isWarned ? frameLabels.connectUnencrypted : frameLabels.connect
}

/** The default name. */
function hostOf(input: string): string | null {
  const address = input.includes('://') ? input.trim() : `https://${input.trim()}`
  return URL.canParse(address) ? new URL(address).host : null
}
