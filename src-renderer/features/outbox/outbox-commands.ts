import { Ban, CircleAlert, Copy, Download, History, ListChecks, RotateCw } from 'lucide-react'
import type { Command } from '../../app/commands.ts'
import { go } from '../../app/router.ts'
import { copyText } from '../../ui/clipboard.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { narrow } from './outbox-store.ts'
import { cancelSent, downloadSent, retrySent } from './sent-store.ts'

const group = 'Outbox'

export function outboxCommands(openId: string | null): readonly Command[] {
  const everywhere: readonly Command[] = [
    {
      id: 'outbox.waiting',
      label: 'Show what waits',
      group,
      icon: History,
      keywords: 'deferred queued sending',
      run: () => narrow({ filter: 'waiting' }),
    },
    {
      id: 'outbox.bounced',
      label: 'Show what bounced',
      group,
      icon: CircleAlert,
      keywords: 'refused rejected',
      run: () => narrow({ filter: 'bounced' }),
    },
    {
      id: 'outbox.jobs',
      label: 'Show jobs',
      group,
      icon: ListChecks,
      keywords: 'batch campaign',
      run: () => go('outbox', 'jobs'),
    },
  ]
  if (openId === null) return everywhere
  return [
    {
      id: 'outbox.retry',
      label: 'Retry this message now',
      group,
      icon: RotateCw,
      shortcut: 'r',
      run: () => void retrySent(openId).catch(toastFailure),
    },
    {
      id: 'outbox.cancel',
      label: 'Cancel this message',
      group,
      icon: Ban,
      run: () => void cancelSent(openId).catch(toastFailure),
    },
    {
      id: 'outbox.copy-id',
      label: 'Copy the id of this message',
      group,
      icon: Copy,
      run: () => void copyText(openId).then((worked) => worked && toast('Id copied')),
    },
    {
      id: 'outbox.download',
      label: 'Download this message as .eml',
      group,
      icon: Download,
      run: () => void downloadSent(openId).catch(toastFailure),
    },
    ...everywhere,
  ]
}
