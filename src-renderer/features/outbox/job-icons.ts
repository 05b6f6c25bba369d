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
import { jobLabels } from './labels.ts'
import type { StatusName } from './outbox-icons.ts'

export const jobIcons: Readonly<
  Record<JobState, { readonly icon: LucideIcon; readonly ink: string }>
> = {
  pending: { icon: Clock, ink: 'text-ink-muted' },
  processing: { icon: Send, ink: 'text-test-ink' },
  paused: { icon: CirclePause, ink: 'text-warn-ink' },
  completed: { icon: CircleCheck, ink: 'text-sage-ink' },
  failed: { icon: CircleAlert, ink: 'text-danger-ink' },
  stopped: { icon: CircleStop, ink: 'text-ink-muted' },
}

/** The status of a recipient, as a status of the outbox. */
export const recipientStatuses: Readonly<Record<JobDeliveryStatus, StatusName>> = {
  pending: 'queued',
  sent: 'captured',
  delivered: 'delivered',
  failed: 'failed',
  bounced: 'bounced',
  cancelled: 'cancelled',
}

export function jobTitle({ subject, template_id: template, campaign_id: campaign, id }: BatchJob) {
  return subject ?? campaign ?? (template ? jobLabels.template(template) : jobLabels.numbered(id))
}

export function formatLeft(seconds: number): string {
  if (seconds < 60) return jobLabels.underOneMinuteLeft
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return jobLabels.minutesLeft(minutes)
  return jobLabels.hoursLeft(Math.round(minutes / 6) / 10)
}
