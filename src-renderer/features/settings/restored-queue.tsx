import { MailWarning } from 'lucide-react'
import { useState } from 'react'
import type { HeldCounts, RestoredQueue as Restored } from '../../../src-main/contract/storage.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { formatCount, formatMoment } from '../../ui/format.ts'
import { Note } from '../../ui/notice.tsx'
import { toast } from '../../ui/toasts.tsx'
import { cancelRestored, releaseRestored } from './storage-store.ts'

export const messageCount = (count: number): string =>
  count === 1 ? 'one message' : `${formatCount(count)} messages`

/** A restored backup has mail in its queue that may have been sent before. */
export function RestoredQueue({ restored }: { restored: Restored }) {
  const [asked, setAsked] = useState<'release' | 'cancel' | null>(null)
  const { restored_at, kept_file, lost_messages, held } = restored
  return (
    <Note tone="warn" icon={MailWarning}>
      <div className="flex items-center gap-2">
        <p className="flex-1">
          The backup restored {formatMoment(restored_at)} has {heldWords(held)} in its queue.
          Nothing of it is sent until you release it: it may have been sent before.{' '}
          {lost_messages !== null && lost_messages > 0 && (
            <>The backup did not have {messageCount(lost_messages)} of the database of before. </>
          )}
          {kept_file !== null && (
            <>
              That is kept as <span className="font-mono text-sm">{kept_file}</span>.
            </>
          )}
        </p>
        <Button onClick={() => setAsked('release')}>Release</Button>
        <Button onClick={() => setAsked('cancel')}>Cancel these</Button>
      </div>
      <Confirm
        open={asked === 'release'}
        onClose={() => setAsked(null)}
        title="Release the restored queue?"
        action="Release"
        onConfirm={async () => {
          await releaseRestored()
          toast('The restored queue is released')
        }}
      >
        <p>Who received this mail after the backup was made receives it again.</p>
      </Confirm>
      <Confirm
        open={asked === 'cancel'}
        onClose={() => setAsked(null)}
        title="Cancel the restored queue?"
        action="Cancel these"
        onConfirm={async () => {
          await cancelRestored()
          toast('The restored queue is cancelled')
        }}
      >
        <p>None of it is sent. Who did not receive it before does not receive it at all.</p>
      </Confirm>
    </Note>
  )
}

export function heldWords({ messages, jobs, webhook_deliveries: posts }: HeldCounts): string {
  const parts = [
    messages > 0 ? [messageCount(messages)] : [],
    jobs > 0 ? [jobs === 1 ? 'one job' : `${formatCount(jobs)} jobs`] : [],
    posts > 0
      ? [posts === 1 ? 'one webhook delivery' : `${formatCount(posts)} webhook deliveries`]
      : [],
  ].flat()
  return parts.length === 0 ? 'nothing' : parts.join(', ')
}
