import { outboxLabels } from './labels.ts'
import './outbox-live.ts'
import { useEffect } from 'react'
import { go, useRoute } from '../../app/router.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { JobsView } from './jobs-view.tsx'
import { MessagesView } from './messages-view.tsx'
import { loadSummary } from './outbox-store.ts'
import { QueueSummary } from './queue-summary.tsx'
import { RelayNotice, RestoredNotice } from './relay-notice.tsx'

/** The route id `jobs` opens the jobs, `job_12` a job, any other id a message. */
export function OutboxScreen() {
  const id = useRoute((route) => route.id)
  const isJobs = id === 'jobs' || id?.startsWith('job_') === true

  useEffect(() => void loadSummary(), [])

  return (
    <section aria-label={outboxLabels.outbox} className="flex h-full min-w-0 flex-col">
      <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-line border-b py-2 pr-4 pl-3">
        <h1 className="sr-only">{outboxLabels.outbox}</h1>
        <Segmented
          label={outboxLabels.view}
          value={isJobs ? 'jobs' : 'messages'}
          onChange={(tab) => go('outbox', tab === 'jobs' ? 'jobs' : null)}
          options={[
            { value: 'messages', label: outboxLabels.messages },
            { value: 'jobs', label: outboxLabels.jobs },
          ]}
        />
        <span className="flex-1" />
        <QueueSummary />
      </header>
      <RelayNotice />
      <RestoredNotice />
      <div className="min-h-0 flex-1">
        {isJobs ? (
          <JobsView openId={id === 'jobs' ? null : id.slice('job_'.length)} />
        ) : (
          <MessagesView openId={id} />
        )}
      </div>
    </section>
  )
}
