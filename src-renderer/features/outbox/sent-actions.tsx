import { Ban, CalendarClock, Download, RotateCw, X } from 'lucide-react'
import { useState } from 'react'
import type { EmailDetail } from '../../../src-main/contract/messages.ts'
import { go } from '../../app/router.ts'
import { downloadSource } from '../../message/download-source.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { CopyIcon } from '../../ui/copy.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { sentLabels } from './labels.ts'
import { RescheduleDialog } from './reschedule-dialog.tsx'
import { cancelSent, retrySent } from './sent-store.ts'

type SentActionsProps = { id: string; message: EmailDetail | null }

export function SentActions({ id, message }: SentActionsProps) {
  const [task, setTask] = useState<'cancel' | 'reschedule' | null>(null)
  const [busy, setBusy] = useState(false)
  const { retryable, left } = countUndelivered(message)
  const isScheduled = message?.status === 'scheduled'

  async function retry() {
    setBusy(true)
    await retrySent(id).catch(toastFailure)
    setBusy(false)
  }

  return (
    <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-1 border-line border-b py-2 pr-3 pl-4">
      {retryable > 0 && (
        <Button look="primary" icon={RotateCw} busy={busy} onClick={retry} className="mr-1">
          {sentLabels.retryNow}
        </Button>
      )}
      {isScheduled && (
        <Button icon={CalendarClock} onClick={() => setTask('reschedule')} className="mr-1">
          {sentLabels.changeTime}
        </Button>
      )}
      {(left > 0 || isScheduled) && (
        <Button icon={Ban} onClick={() => setTask('cancel')}>
          {sentLabels.cancelSending}
        </Button>
      )}
      <span className="flex-1" />
      <CopyIcon text={id} label={sentLabels.copyId} />
      <IconButton
        icon={Download}
        label={sentLabels.download}
        onClick={() => downloadSource('emails', id).catch(toastFailure)}
      />
      <IconButton icon={X} label={sentLabels.close} shortcut="Esc" onClick={() => go('outbox')} />
      <Confirm
        open={task === 'cancel'}
        onClose={() => setTask(null)}
        title={sentLabels.cancelTitle}
        action={sentLabels.cancelSending}
        onConfirm={() => cancelSent(id)}
      >
        <p>{isScheduled ? sentLabels.cancelScheduled : consequence(message)}</p>
        <p>{sentLabels.cancelWarning}</p>
      </Confirm>
      {task === 'reschedule' && message?.scheduled_at && (
        <RescheduleDialog id={id} at={message.scheduled_at} onClose={() => setTask(null)} />
      )}
    </div>
  )
}

function countUndelivered(message: EmailDetail | null) {
  const deliveries = message?.deliveries ?? []
  const count = (...statuses: readonly string[]) =>
    deliveries.filter(({ status }) => statuses.includes(status)).length
  return { retryable: count('deferred', 'failed'), left: count('deferred', 'queued') }
}

function consequence(message: EmailDetail | null): string {
  const { left } = countUndelivered(message)
  const delivered = message?.deliveries.filter(({ status }) => status === 'delivered').length ?? 0
  return sentLabels.cancelQueued(left, delivered)
}
