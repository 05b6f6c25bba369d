import {
  Ban,
  CalendarClock,
  CircleAlert,
  CircleCheck,
  Clock,
  History,
  type LucideIcon,
  Send,
  Undo2,
} from 'lucide-react'
import type { DeliveryStatus, MessageStatus } from '../../../src-main/contract/messages.ts'

type Look = { readonly word: string; readonly icon: LucideIcon; readonly ink: string }

export type StatusName = DeliveryStatus | MessageStatus

/** Each state's word, icon and colour; the same in the list, the detail and the jobs. */
export const looks: Readonly<Record<StatusName, Look>> = {
  queued: { word: 'Queued', icon: Clock, ink: 'text-ink-muted' },
  sending: { word: 'Sending', icon: Send, ink: 'text-test-ink' },
  deferred: { word: 'Deferred', icon: History, ink: 'text-warn-ink' },
  delivered: { word: 'Delivered', icon: CircleCheck, ink: 'text-sage-ink' },
  bounced: { word: 'Bounced', icon: Undo2, ink: 'text-danger-ink' },
  failed: { word: 'Failed', icon: CircleAlert, ink: 'text-danger-ink' },
  scheduled: { word: 'Scheduled', icon: CalendarClock, ink: 'text-ink-muted' },
  captured: { word: 'Captured', icon: CircleCheck, ink: 'text-ink-muted' },
  cancelled: { word: 'Cancelled', icon: Ban, ink: 'text-ink-faint' },
}

type Shown = { readonly status: MessageStatus; readonly deferred: number }

/** A queued message that was tried already waits for its next attempt. */
export function displayStatus({ status, deferred }: Shown): StatusName {
  return status === 'queued' && deferred > 0 ? 'deferred' : status
}
