import { CircleStop, Pause, Play, RotateCw, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { BatchJob } from '../../../src-main/contract/jobs.ts'
import { go } from '../../app/router.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { formatCount, formatExact, formatMoment } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Failure } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { formatLeft, jobIcons, jobTitle } from './job-icons.ts'
import { JobProgress } from './job-progress.tsx'
import { JobRecipients } from './job-recipients.tsx'
import { actOnJob, isFinished, type JobAction, openJob, useJobs } from './jobs-store.ts'
import { jobLabels } from './labels.ts'

export function JobPane({ id, job }: { id: string; job: BatchJob | null }) {
  const recipients = useJobs((state) => state.recipients)
  if (job === null) {
    if (recipients.status === 'failed') {
      return <Failure failure={recipients.failure} onRetry={() => void openJob(id)} />
    }
    return (
      <div role="status" aria-label={jobLabels.loading} className="space-y-3 px-5 py-4">
        <Skeleton className="h-4 w-3/5" />
        <Skeleton className="h-3 w-2/5" />
      </div>
    )
  }
  return (
    <article aria-label={jobLabels.job} className="flex h-full min-w-0 flex-col">
      <Actions job={job} />
      <Header job={job} />
      <JobRecipients job={job} />
    </article>
  )
}

function Actions({ job }: { job: BatchJob }) {
  const [isStopping, setStopping] = useState(false)
  const { id, status, progress } = job
  const act = (action: JobAction) => () => void actOnJob(id, action).catch(toastFailure)
  return (
    <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-line border-b py-2 pr-3 pl-4">
      {(status === 'pending' || status === 'processing') && (
        <Button icon={Pause} onClick={act('pause')}>
          {jobLabels.pause}
        </Button>
      )}
      {status === 'paused' && (
        <Button look="primary" icon={Play} onClick={act('resume')}>
          {jobLabels.resume}
        </Button>
      )}
      {!isFinished(job) && (
        <Button icon={CircleStop} onClick={() => setStopping(true)}>
          {jobLabels.stop}
        </Button>
      )}
      {(status === 'completed' || status === 'failed') && progress.failed > 0 && (
        <Button look="primary" icon={RotateCw} onClick={act('retry')}>
          {jobLabels.retryFailed(formatCount(progress.failed))}
        </Button>
      )}
      <span className="flex-1" />
      <IconButton
        icon={X}
        label={jobLabels.close}
        shortcut="Esc"
        onClick={() => go('outbox', 'jobs')}
      />
      <Confirm
        open={isStopping}
        onClose={() => setStopping(false)}
        title={jobLabels.stopTitle(jobTitle(job))}
        action={jobLabels.stop}
        onConfirm={() => actOnJob(id, 'stop')}
      >
        <p>{consequence(job)}</p>
        <p>{jobLabels.stopWarning}</p>
      </Confirm>
    </div>
  )
}

function consequence({ progress: { pending, sent, total } }: BatchJob): string {
  const skipped = jobLabels.stopConsequence(formatCount(pending), formatCount(total))
  const done = sent === 0 ? jobLabels.nothingSent : jobLabels.alreadySent(formatCount(sent))
  return `${skipped} ${done}`
}

function Header({ job }: { job: BatchJob }) {
  const { status, progress, per_minute, seconds_left, from, created_at, key_name } = job
  const { icon, ink } = jobIcons[status]
  return (
    <header className="shrink-0 px-5 pt-4 pb-4">
      <div className="flex items-start gap-3">
        <h2 className="line-clamp-2 min-w-0 flex-1 break-words font-semibold text-xl">
          {jobTitle(job)}
        </h2>
        <span className={classes('inline-flex items-center gap-1.5 pt-0.5 font-semibold', ink)}>
          <Icon of={icon} />
          {jobLabels.states[status]}
        </span>
      </div>
      <dl className="mt-2 mb-3 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
        <Item name={jobLabels.from}>{from}</Item>
        {job.campaign_id && <Item name={jobLabels.campaign}>{job.campaign_id}</Item>}
        {job.template_id && <Item name={jobLabels.templateName}>{job.template_id}</Item>}
        <Item name={jobLabels.created}>
          <time dateTime={created_at} title={formatExact(created_at)} className="figures">
            {formatMoment(created_at)}
          </time>
          {key_name && jobLabels.withKey(key_name)}
        </Item>
      </dl>
      <JobProgress job={job} />
      <p className="figures mt-2 flex min-h-5 flex-wrap gap-x-3 whitespace-nowrap text-ink-muted">
        <span>{jobLabels.sentOf(formatCount(progress.sent), formatCount(progress.total))}</span>
        {progress.failed > 0 && (
          <span className="text-danger-ink">{jobLabels.failed(formatCount(progress.failed))}</span>
        )}
        {progress.cancelled > 0 && (
          <span>{jobLabels.cancelled(formatCount(progress.cancelled))}</span>
        )}
        {progress.pending > 0 && <span>{jobLabels.toGo(formatCount(progress.pending))}</span>}
        <span className="flex-1" />
        {per_minute > 0 && <span>{jobLabels.perMinute(formatCount(per_minute))}</span>}
        {seconds_left !== null && <span>{formatLeft(seconds_left)}</span>}
      </p>
    </header>
  )
}

function Item({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0 truncate">{children}</dd>
    </>
  )
}
