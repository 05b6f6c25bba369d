import {
  CircleAlert,
  CircleCheck,
  CirclePause,
  CircleStop,
  Clock,
  type LucideIcon,
  Send,
} from 'lucide-react'
import type { BatchJob, JobDeliveryStatus, JobState } from '../../../src-main/contract/jobs.ts'
import type { StatusName } from './outbox-icons.ts'

export const jobIcons: Readonly<
  Record<JobState, { readonly word: string; readonly icon: LucideIcon; readonly ink: string }>
> = {
  pending: { word: 'Waiting', icon: Clock, ink: 'text-ink-muted' },
  processing: { word: 'Sending', icon: Send, ink: 'text-test-ink' },
  paused: { word: 'Paused', icon: CirclePause, ink: 'text-warn-ink' },
  completed: { word: 'Done', icon: CircleCheck, ink: 'text-sage-ink' },
  failed: { word: 'Failed', icon: CircleAlert, ink: 'text-danger-ink' },
  stopped: { word: 'Stopped', icon: CircleStop, ink: 'text-ink-muted' },
}

/** What became of a recipient, in the words of the messages. */
export const recipientStatuses: Readonly<Record<JobDeliveryStatus, StatusName>> = {
  pending: 'queued',
  sent: 'captured',
  delivered: 'delivered',
  failed: 'failed',
  bounced: 'bounced',
  cancelled: 'cancelled',
}

export function jobTitle({ subject, template_id: template, campaign_id: campaign, id }: BatchJob) {
  return subject ?? campaign ?? (template ? `Template ${template}` : `Job ${id}`)
}

export function formatLeft(seconds: number): string {
  if (seconds < 60) return 'under 1 min left'
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `about ${minutes} min left`
  return `about ${Math.round(minutes / 6) / 10} h left`
}
