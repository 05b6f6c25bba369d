import { MailWarning } from 'lucide-react'
import { useState } from 'react'
import type { RestoredQueue as Restored } from '../../../src-main/contract/storage.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { formatMoment } from '../../ui/format.ts'
import { Note } from '../../ui/notice.tsx'
import { toast } from '../../ui/toasts.tsx'
import { settingsLabels } from './labels.ts'
import { cancelRestored, releaseRestored } from './storage-store.ts'

/** Mail in the queue of a restored backup may have been sent before. */
export function RestoredQueue({ restored }: { restored: Restored }) {
  const [confirming, setConfirming] = useState<'release' | 'cancel' | null>(null)
  const { restored_at, kept_file, lost_messages, held } = restored
  return (
    <Note tone="warn" icon={MailWarning}>
      <div className="flex items-center gap-2">
        <p className="flex-1">
          {settingsLabels.restored.queue(formatMoment(restored_at), held)}{' '}
          {lost_messages !== null &&
            lost_messages > 0 &&
            settingsLabels.restored.lost(lost_messages)}
          {kept_file !== null && (
            <>
              {settingsLabels.restored.keptAs}{' '}
              <span className="font-mono text-sm">{kept_file}</span>.
            </>
          )}
        </p>
        <Button onClick={() => setConfirming('release')}>{settingsLabels.restored.release}</Button>
        <Button onClick={() => setConfirming('cancel')}>{settingsLabels.restored.cancel}</Button>
      </div>
      <Confirm
        open={confirming === 'release'}
        onClose={() => setConfirming(null)}
        title={settingsLabels.restored.releaseTitle}
        action={settingsLabels.restored.release}
        onConfirm={async () => {
          await releaseRestored()
          toast(settingsLabels.restored.released)
        }}
      >
        <p>{settingsLabels.restored.releaseWarning}</p>
      </Confirm>
      <Confirm
        open={confirming === 'cancel'}
        onClose={() => setConfirming(null)}
        title={settingsLabels.restored.cancelTitle}
        action={settingsLabels.restored.cancel}
        onConfirm={async () => {
          await cancelRestored()
          toast(settingsLabels.restored.cancelled)
        }}
      >
        <p>{settingsLabels.restored.cancelWarning}</p>
      </Confirm>
    </Note>
  )
}
