import type { BatchJob } from '../../../src-main/contract/jobs.ts'
import { go, routeHash } from '../../app/router.ts'
import { classes } from '../../ui/classes.ts'
import { formatCount, formatExact, formatWhen } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { formatLeft, jobIcons, jobTitle } from './job-icons.ts'
import { JobProgress } from './job-progress.tsx'
import { jobLabels } from './labels.ts'

export function JobRow({ job, isOpen }: { job: BatchJob; isOpen: boolean }) {
  const { id, status, progress, created_at, campaign_id, seconds_left } = job
  const { icon, ink } = jobIcons[status]
  const title = jobTitle(job)
  return (
    <a
      href={routeHash('outbox', `job_${id}`)}
      data-row={id}
      aria-current={isOpen ? 'true' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey) return
        event.preventDefault()
        go('outbox', `job_${id}`)
      }}
      className={classes(
        'flex h-[76px] cursor-default flex-col justify-center gap-1.5 border-line border-b px-4 focus-visible:-outline-offset-2',
        isOpen ? 'bg-selected' : 'hover:bg-hover',
      )}
    >
      <span className="flex items-center gap-2">
        <bdi title={title} className="min-w-0 truncate font-medium">
          {title}
        </bdi>
        {campaign_id && campaign_id !== title && (
          <span className="min-w-0 max-w-32 truncate text-ink-faint text-sm">{campaign_id}</span>
        )}
        <span className="flex-1" />
        <time
          dateTime={created_at}
          title={formatExact(created_at)}
          className="figures shrink-0 text-ink-faint text-sm"
        >
          {formatWhen(created_at)}
        </time>
      </span>
      <JobProgress job={job} />
      <span className="flex items-center gap-3 text-sm">
        <span className={classes('inline-flex items-center gap-1.5 font-medium', ink)}>
          <Icon of={icon} size={14} />
          {jobLabels.states[status]}
        </span>
        <span className="figures min-w-0 flex-1 truncate text-ink-faint">
          {jobLabels.sentOf(formatCount(progress.sent), formatCount(progress.total))}
          {progress.failed > 0 && (
            <span className="text-danger-ink">
              {' '}
              · {jobLabels.failed(formatCount(progress.failed))}
            </span>
          )}
        </span>
        {seconds_left !== null && (
          <span className="figures shrink-0 text-ink-faint">{formatLeft(seconds_left)}</span>
        )}
      </span>
    </a>
  )
}
