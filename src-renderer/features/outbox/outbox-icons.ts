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

type StatusIcon = { readonly icon: LucideIcon; readonly ink: string }

export type StatusName = DeliveryStatus | MessageStatus

/** Icon and colour of each status, in the list, the message and the jobs. */
export const statusIcons: Readonly<Record<StatusName, StatusIcon>> = {
  queued: { icon: Clock, ink: 'text-ink-muted' },
  sending: { icon: Send, ink: 'text-test-ink' },
  deferred: { icon: History, ink: 'text-warn-ink' },
  delivered: { icon: CircleCheck, ink: 'text-sage-ink' },
  bounced: { icon: Undo2, ink: 'text-danger-ink' },
  failed: { icon: CircleAlert, ink: 'text-danger-ink' },
  scheduled: { icon: CalendarClock, ink: 'text-ink-muted' },
  captured: { icon: CircleCheck, ink: 'text-ink-muted' },
  cancelled: { icon: Ban, ink: 'text-ink-faint' },
}

type MessageProgress = { readonly status: MessageStatus; readonly deferred: number }

/** A queued message with a failed attempt is shown as deferred. */
export function displayStatus({ status, deferred }: MessageProgress): StatusName {
  return status === 'queued' && deferred > 0 ? 'deferred' : status
}
