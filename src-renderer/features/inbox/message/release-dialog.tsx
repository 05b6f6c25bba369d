import { Send, TriangleAlert } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { InboxMessageDetail } from '../../../../src-main/contract/messages.ts'
import type { Relay } from '../../../../src-main/contract/relays.ts'
import { routeHash } from '../../../app/router.ts'
import { Button } from '../../../ui/button.tsx'
import { Chips } from '../../../ui/chips.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../../ui/dialog.tsx'
import { Field, TextInput } from '../../../ui/field.tsx'
import { Failure, Note } from '../../../ui/notice.tsx'
import { Select } from '../../../ui/select.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { inboxLabels, releaseLabels } from '../labels.ts'
import { closeRelease, loadRelays, release, useRelease } from './release-store.ts'

export function ReleaseDialog() {
  const { message, relays } = useRelease()
  return (
    <Dialog
      open={message !== null}
      onClose={closeRelease}
      title={releaseLabels.title}
      description={releaseLabels.description}
      width="wide"
    >
      {relays.status === 'failed' && (
        <DialogBody>
          <Failure failure={relays.failure} onRetry={loadRelays} />
        </DialogBody>
      )}
      {relays.status === 'loading' && (
        <DialogBody>
          <Skeleton className="h-52 w-full" />
        </DialogBody>
      )}
      {relays.status === 'ready' && message && (
        <Body key={message.id} message={message} relays={relays.value} />
      )}
    </Dialog>
  )
}

type BodyProps = { message: InboxMessageDetail; relays: readonly Relay[] }

function Body({ message, relays }: BodyProps) {
  if (relays.length > 0) return <Form message={message} relays={relays} />
  return (
    <>
      <DialogBody>
        <Note tone="warn" icon={TriangleAlert}>
          {releaseLabels.noRelayBefore}{' '}
          <a
            href={routeHash('relays')}
            onClick={closeRelease}
            className="font-medium underline underline-offset-2"
          >
            {releaseLabels.noRelayLink}
          </a>
          {releaseLabels.noRelayAfter}
        </Note>
      </DialogBody>
      <DialogFooter>
        <Button onClick={closeRelease}>{releaseLabels.cancel}</Button>
      </DialogFooter>
    </>
  )
}

const isAddress = (text: string): boolean => /^[^\s@]+@[^\s@]+$/.test(text)

function Form({ message, relays }: BodyProps) {
  const { envelope, subject } = message
  const [to, setTo] = useState<readonly string[]>([...new Set(envelope.rcpt_to)])
  const [from, setFrom] = useState(envelope.mail_from)
  const [relayId, setRelayId] = useState(relays[0]?.id ?? '')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const relay = relays.find(({ id }) => id === relayId)
  const invalid = to.find((address) => !isAddress(address))

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await release(message, { to, from, relayId })
    } catch (cause) {
      setProblem(cause instanceof Error ? cause.message : String(cause))
      setBusy(false)
    }
  }

  return (
    <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
      <DialogBody>
        <p dir="auto" className="truncate font-medium" title={subject}>
          {subject || inboxLabels.noSubject}
        </p>
        <Field
          label={releaseLabels.recipients}
          hint={releaseLabels.recipientsHint}
          error={invalid ? releaseLabels.invalidAddress(invalid) : null}
        >
          {(control) => (
            <Chips
              {...control}
              name={releaseLabels.recipient}
              values={to}
              onChange={setTo}
              isWrong={(address) => !isAddress(address)}
            />
          )}
        </Field>
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
          <Field label={releaseLabels.sender} hint={releaseLabels.senderHint}>
            {(control) => (
              <TextInput
                {...control}
                value={from}
                onChange={(event) => setFrom(event.target.value)}
              />
            )}
          </Field>
          <Field
            label={releaseLabels.relay}
            hint={relay ? `${relay.host}:${relay.port}` : undefined}
          >
            {({ id }) => (
              <Select
                id={id}
                label={releaseLabels.relay}
                value={relayId}
                onChange={setRelayId}
                options={relays.map((one) => ({ value: one.id, label: one.name }))}
                className="h-8 w-full"
              />
            )}
          </Field>
        </div>
        <Note tone="warn" icon={TriangleAlert}>
          {releaseLabels.warning(to.length, relay?.name ?? releaseLabels.anyRelay)}
        </Note>
        {problem && (
          <p role="alert" className="text-danger-ink">
            {problem}
          </p>
        )}
      </DialogBody>
      <DialogFooter>
        <Button onClick={closeRelease}>{releaseLabels.cancel}</Button>
        <Button
          type="submit"
          look="danger"
          icon={Send}
          busy={busy}
          disabled={to.length === 0 || invalid !== undefined}
        >
          {releaseLabels.submit(to.length)}
        </Button>
      </DialogFooter>
    </form>
  )
}
