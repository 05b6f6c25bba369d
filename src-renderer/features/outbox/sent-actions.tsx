import { Ban, CalendarClock, Download, RotateCw, X } from 'lucide-react'
import { useState } from 'react'
import type { EmailDetail } from '../../../src-main/contract/messages.ts'
import { go } from '../../app/router.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { CopyIcon } from '../../ui/copy.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { RescheduleDialog } from './reschedule-dialog.tsx'
import { cancelSent, downloadSent, retrySent } from './sent-store.ts'

type SentActionsProps = { id: string; message: EmailDetail | null }

export function SentActions({ id, message }: SentActionsProps) {
  const [task, setTask] = useState<'cancel' | 'reschedule' | null>(null)
  const [busy, setBusy] = useState(false)
  const { again, left } = whatIsLeft(message)
  const isScheduled = message?.status === 'scheduled'

  async function retry() {
    setBusy(true)
    await retrySent(id).catch(toastFailure)
    setBusy(false)
  }

  return (
    <div className="flex h-11 shrink-0 items-center gap-1 border-line border-b pr-3 pl-4">
      {again > 0 && (
        <Button look="primary" icon={RotateCw} busy={busy} onClick={retry} className="mr-1">
          Retry now
        </Button>
      )}
      {isScheduled && (
        <Button icon={CalendarClock} onClick={() => setTask('reschedule')} className="mr-1">
          Change time
        </Button>
      )}
      {(left > 0 || isScheduled) && (
        <Button icon={Ban} onClick={() => setTask('cancel')}>
          Cancel sending
        </Button>
      )}
      <span className="flex-1" />
      <CopyIcon text={id} label="Copy id" />
      <IconButton
        icon={Download}
        label="Download .eml"
        onClick={() => downloadSent(id).catch(toastFailure)}
      />
      <IconButton icon={X} label="Close message" shortcut="Esc" onClick={() => go('outbox')} />
      <Confirm
        open={task === 'cancel'}
        onClose={() => setTask(null)}
        title="Cancel sending?"
        action="Cancel sending"
        onConfirm={() => cancelSent(id)}
      >
        <p>{isScheduled ? 'The message will not be sent at its time.' : consequence(message)}</p>
        <p>This cannot be undone; your app would have to send it again.</p>
      </Confirm>
      {task === 'reschedule' && message?.scheduled_at && (
        <RescheduleDialog id={id} at={message.scheduled_at} onClose={() => setTask(null)} />
      )}
    </div>
  )
}

function whatIsLeft(message: EmailDetail | null) {
  const deliveries = message?.deliveries ?? []
  const count = (...statuses: readonly string[]) =>
    deliveries.filter(({ status }) => statuses.includes(status)).length
  return { again: count('deferred', 'failed'), left: count('deferred', 'queued') }
}

function consequence(message: EmailDetail | null): string {
  const { left } = whatIsLeft(message)
  const delivered = message?.deliveries.filter(({ status }) => status === 'delivered').length ?? 0
  const who = left === 1 ? '1 recipient will not get it.' : `${left} recipients will not get it.`
  if (delivered === 0) return who
  return `${who} ${delivered === 1 ? '1 has it' : `${delivered} have it`} already and will keep it.`
}
