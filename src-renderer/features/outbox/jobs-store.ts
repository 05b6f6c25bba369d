import { create } from 'zustand'
import type { BatchJob, JobDelivery, JobDeliveryStatus } from '../../../src-main/contract/jobs.ts'
import { isAbort, request } from '../../app/request.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { jobLabels } from './labels.ts'

export type JobAction = 'pause' | 'resume' | 'stop' | 'retry'
export type RecipientFilter = JobDeliveryStatus | 'all'

type JobsState = {
  readonly jobs: Load<readonly BatchJob[]>
  readonly hasMore: boolean
  readonly openId: string | null
  readonly filter: RecipientFilter
  readonly recipients: Load<readonly JobDelivery[]>
  readonly total: number
  readonly isLoadingMore: boolean
}

export const useJobs = create<JobsState>(() => ({
  jobs: loading,
  hasMore: false,
  openId: null,
  filter: 'all',
  recipients: loading,
  total: 0,
  isLoadingMore: false,
}))

const pageSize = 25
const recipientsPage = 200

export const isFinished = ({ status }: BatchJob): boolean =>
  status === 'completed' || status === 'failed' || status === 'stopped'

/** Reloads the newest jobs; older ones stay. */
export async function refreshJobList(): Promise<void> {
  try {
    const page = await request('GET /v1/jobs', { query: { limit: pageSize } })
    useJobs.setState(({ jobs, hasMore }) => {
      const known = jobs.status === 'ready' ? jobs.value : []
      const older = known.filter(({ id }) => Number(id) < Number(page.data.at(-1)?.id ?? 0))
      const hasNoOlder = older.length === 0
      return {
        jobs: ready([...page.data, ...older]),
        hasMore: hasNoOlder ? page.has_more : hasMore,
      }
    })
  } catch (cause) {
    useJobs.setState(({ jobs }) => (jobs.status === 'ready' ? {} : { jobs: failed(cause) }))
  }
  await refreshRecipients()
}

export async function loadOlderJobs(): Promise<void> {
  const { jobs } = useJobs.getState()
  const last = jobs.status === 'ready' ? jobs.value.at(-1) : undefined
  if (!last) return
  const query = { limit: pageSize, before: Number(last.id) }
  const page = await request('GET /v1/jobs', { query })
  const known = jobs.status === 'ready' ? jobs.value : []
  useJobs.setState({ jobs: ready([...known, ...page.data]), hasMore: page.has_more })
}

/** Reloads the unfinished jobs and the open one. */
export async function refreshActiveJobs(): Promise<void> {
  const { jobs, openId } = useJobs.getState()
  if (jobs.status !== 'ready') return
  const active = jobs.value.filter((job) => !isFinished(job) || job.progress.pending > 0)
  const ids = new Set([...active.map(({ id }) => id), ...(openId ? [openId] : [])])
  const fresh = await Promise.all(
    [...ids].slice(0, 10).map((id) => request('GET /v1/jobs/{id}', { params: { id } })),
  )
  for (const job of fresh) upsertJob(job)
  await refreshRecipients()
}

function upsertJob(job: BatchJob): void {
  useJobs.setState(({ jobs }) => {
    if (jobs.status !== 'ready') return {}
    const isKnown = jobs.value.some(({ id }) => id === job.id)
    return {
      jobs: ready(
        isKnown ? jobs.value.map((one) => (one.id === job.id ? job : one)) : [...jobs.value, job],
      ),
    }
  })
}

export async function openJob(id: string | null): Promise<void> {
  useJobs.setState({ openId: id, filter: 'all', recipients: loading, total: 0 })
  if (id === null) return
  try {
    const { jobs } = useJobs.getState()
    const isKnown = jobs.status === 'ready' && jobs.value.some((job) => job.id === id)
    if (!isKnown) {
      if (jobs.status !== 'ready') await refreshJobList()
      upsertJob(await request('GET /v1/jobs/{id}', { params: { id } }))
    }
    await loadRecipients()
  } catch (cause) {
    if (useJobs.getState().openId === id) useJobs.setState({ recipients: failed(cause) })
  }
}

export function filterRecipients(filter: RecipientFilter): void {
  useJobs.setState({ filter, recipients: loading })
  void loadRecipients()
}

function requestRecipients(page: number, limit: number) {
  const { openId, filter } = useJobs.getState()
  const query = { page, limit, ...(filter === 'all' ? {} : { status: filter }) }
  return request('GET /v1/jobs/{id}/deliveries', { params: { id: openId ?? '' }, query })
}

export async function loadRecipients(): Promise<void> {
  const { openId: id, filter } = useJobs.getState()
  if (id === null) return
  try {
    const reply = await requestRecipients(1, recipientsPage)
    const now = useJobs.getState()
    if (now.openId !== id || now.filter !== filter) return
    useJobs.setState({ recipients: ready(reply.data), total: reply.pagination.total })
  } catch (cause) {
    if (!isAbort(cause)) useJobs.setState({ recipients: failed(cause) })
  }
}

/** Reloads the recipients, unless more than one page is loaded. */
async function refreshRecipients(): Promise<void> {
  const { openId, recipients } = useJobs.getState()
  if (openId === null || recipients.status !== 'ready') return
  if (recipients.value.length <= recipientsPage) await loadRecipients()
}

export async function loadMoreRecipients(): Promise<void> {
  const { openId, recipients, total, isLoadingMore } = useJobs.getState()
  if (recipients.status !== 'ready' || isLoadingMore || recipients.value.length >= total) return
  useJobs.setState({ isLoadingMore: true })
  try {
    const page = Math.floor(recipients.value.length / recipientsPage) + 1
    const reply = await requestRecipients(page, recipientsPage)
    if (useJobs.getState().openId !== openId) return
    const known = new Set(recipients.value.map(({ id }) => id))
    const more = reply.data.filter(({ id }) => !known.has(id))
    useJobs.setState({ recipients: ready([...recipients.value, ...more]) })
  } catch (cause) {
    toastFailure(cause)
  } finally {
    useJobs.setState({ isLoadingMore: false })
  }
}

export async function actOnJob(id: string, action: JobAction): Promise<void> {
  upsertJob(await request(`POST /v1/jobs/{id}/${action}`, { params: { id } }))
  toast(jobLabels.done[action])
  await refreshRecipients()
}
