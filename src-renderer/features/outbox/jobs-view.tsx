import { ListChecks, MousePointerClick } from 'lucide-react'
import { useEffect } from 'react'
import { go } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { focusRow } from '../../ui/focus-row.ts'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Split } from '../../ui/split.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { JobPane } from './job-pane.tsx'
import { JobRow } from './job-row.tsx'
import { loadOlderJobs, openJob, refreshJobList, useJobs } from './jobs-store.ts'
import { jobLabels, outboxLabels } from './labels.ts'

export function JobsView({ openId }: { openId: string | null }) {
  const jobs = useJobs((state) => state.jobs)
  useEffect(() => void refreshJobList(), [])
  useEffect(() => {
    if (useJobs.getState().openId !== openId) void openJob(openId)
  }, [openId])
  useJobKeys(openId)
  const job = jobs.status === 'ready' ? jobs.value.find(({ id }) => id === openId) : undefined

  return (
    <Split
      name="jobs"
      label={outboxLabels.listWidth}
      initial={400}
      min={300}
      max={640}
      left={
        <section aria-label={jobLabels.jobs} className="h-full overflow-y-auto">
          <List openId={openId} />
        </section>
      }
      right={
        openId === null ? (
          <Empty icon={MousePointerClick} title={jobLabels.none}>
            {jobLabels.noneAdvice}
          </Empty>
        ) : (
          <JobPane id={openId} job={job ?? null} />
        )
      }
    />
  )
}

function List({ openId }: { openId: string | null }) {
  const { jobs, hasMore } = useJobs()
  if (jobs.status === 'failed') {
    return <Failure failure={jobs.failure} onRetry={() => void refreshJobList()} />
  }
  if (jobs.status !== 'ready') return <SkeletonRows count={5} height={76} />
  if (jobs.value.length === 0) {
    return (
      <Empty icon={ListChecks} title={jobLabels.empty}>
        {jobLabels.emptyBefore} <code>{jobLabels.emptyRoute}</code> {jobLabels.emptyAfter}
      </Empty>
    )
  }
  return (
    <>
      <ul>
        {jobs.value.map((job) => (
          <li key={job.id}>
            <JobRow job={job} isOpen={job.id === openId} />
          </li>
        ))}
      </ul>
      {hasMore && (
        <div className="flex justify-center p-3">
          <Button onClick={() => loadOlderJobs().catch(toastFailure)}>{jobLabels.showOlder}</Button>
        </div>
      )}
    </>
  )
}

function useJobKeys(openId: string | null): void {
  const step = (by: number) => {
    const { jobs } = useJobs.getState()
    if (jobs.status !== 'ready') return
    const at = jobs.value.findIndex(({ id }) => id === openId)
    const job = at < 0 ? jobs.value[0] : (jobs.value[at + by] ?? jobs.value[at])
    if (!job) return
    go('outbox', `job_${job.id}`, openId !== null)
    focusRow(job.id)
  }
  useHotkeys({
    j: () => step(1),
    arrowdown: () => step(1),
    k: () => step(-1),
    arrowup: () => step(-1),
    escape: () => go('outbox', 'jobs'),
  })
}
