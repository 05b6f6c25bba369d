import { ShieldAlert } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import type { ConnectAnswer, NewServer } from '../../../src-main/electron/bridge.ts'
import { hideConnectServer, useRemoteServers } from '../../app/remote-servers.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Note } from '../../ui/notice.tsx'
import { toastFailure } from '../../ui/toasts.tsx'

export function ConnectServerDialog() {
  const connecting = useRemoteServers((state) => state.connecting)
  return (
    <Dialog
      open={connecting !== null}
      onClose={hideConnectServer}
      title="Connect to another server"
      description="A MailSage of your team or on a server. Its window opens here; this computer’s server goes on."
    >
      {connecting && <ConnectForm given={connecting} />}
    </Dialog>
  )
}

type Problem = Exclude<ConnectAnswer, { type: 'connected' }>

function ConnectForm({ given }: { given: Pick<NewServer, 'address' | 'name'> }) {
  const formId = useId()
  const [address, setAddress] = useState(given.address)
  const [key, setKey] = useState('')
  const [name, setName] = useState(given.name)
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
            label="Address"
            hint="Where its window opens in a browser."
            error={errorOf('address')}
          >
            {(control) => (
              <TextInput
                {...control}
                value={address}
                maxLength={300}
                placeholder="https://mail.example.com"
                className="font-mono"
                onChange={({ target }) => {
                  setAddress(target.value)
                  // Another address is another question.
                  setProblem(null)
                }}
              />
            )}
          </Field>
          <Field
            label="Admin key"
            hint="One with the permission “*”. It is kept encrypted on this computer."
            error={errorOf('key')}
          >
            {(control) => (
              <TextInput
                {...control}
                type="password"
                value={key}
                maxLength={300}
                placeholder="ms_live_…"
                className="font-mono"
                onChange={({ target }) => {
                  setKey(target.value)
                  // A warning about the address holds whatever the key is.
                  if (problem?.type === 'refused') setProblem(null)
                }}
              />
            )}
          </Field>
          <Field label="Name" hint="How the switcher shows it.">
            {(control) => (
              <TextInput
                {...control}
                value={name}
                maxLength={60}
                placeholder={hostOf(address) ?? 'Team'}
                onChange={({ target }) => setName(target.value)}
              />
            )}
          </Field>
          {isWarned && (
            <div role="alert">
              <Note tone="warn" icon={ShieldAlert}>
                Without https, everybody on the network between here and {problem.host} can read the
                key and the mail. Go on only in a network you trust.
              </Note>
            </div>
          )}
        </form>
      </DialogBody>
      <DialogFooter>
        <Button onClick={hideConnectServer}>Cancel</Button>
        <Button type="submit" form={formId} look="primary" busy={isBusy}>
          {buttonWord(isBusy, isWarned)}
        </Button>
      </DialogFooter>
    </>
  )
}

function buttonWord(isBusy: boolean, isWarned: boolean): string {
  if (isBusy) return 'Checking…'
  return isWarned ? 'Connect without encryption' : 'Connect'
}

/** What it will be called unless the person has a better name. */
function hostOf(written: string): string | null {
  const address = written.includes('://') ? written.trim() : `https://${written.trim()}`
  return URL.canParse(address) ? new URL(address).host : null
}
