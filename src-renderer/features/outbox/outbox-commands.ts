import { Ban, CircleAlert, Copy, Download, History, ListChecks, RotateCw } from 'lucide-react'
import type { Command } from '../../app/commands.ts'
import { go } from '../../app/router.ts'
import { downloadSource } from '../../message/download-source.ts'
import { copyText } from '../../ui/clipboard.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { outboxLabels } from './labels.ts'
import { applyFilter } from './outbox-store.ts'
import { cancelSent, retrySent } from './sent-store.ts'

const group = outboxLabels.outbox
const labels = outboxLabels.commands

export function outboxCommands(openId: string | null): readonly Command[] {
  const listCommands: readonly Command[] = [
    {
      id: 'outbox.waiting',
      label: labels.showWaiting,
      group,
      icon: History,
      keywords: 'deferred queued sending',
      run: () => applyFilter({ filter: 'waiting' }),
    },
    {
      id: 'outbox.bounced',
      label: labels.showBounced,
      group,
      icon: CircleAlert,
      keywords: 'refused rejected',
      run: () => applyFilter({ filter: 'bounced' }),
    },
    {
      id: 'outbox.jobs',
      label: labels.showJobs,
      group,
      icon: ListChecks,
      keywords: 'batch campaign',
      run: () => go('outbox', 'jobs'),
    },
  ]
  if (openId === null) return listCommands
  return [
    {
      id: 'outbox.retry',
      label: labels.retry,
      group,
      icon: RotateCw,
      shortcut: 'r',
      run: () => void retrySent(openId).catch(toastFailure),
    },
    {
      id: 'outbox.cancel',
      label: labels.cancel,
      group,
      icon: Ban,
      run: () => void cancelSent(openId).catch(toastFailure),
    },
    {
      id: 'outbox.copy-id',
      label: labels.copyId,
      group,
      icon: Copy,
      run: () => void copyText(openId).then((worked) => worked && toast(outboxLabels.idCopied)),
    },
    {
      id: 'outbox.download',
      label: labels.download,
      group,
      icon: Download,
      run: () => void downloadSource('emails', openId).catch(toastFailure),
    },
    ...listCommands,
  ]
}
