import type { BatchJob } from '../../../src-main/contract/jobs.ts'
import { formatCount } from '../../ui/format.ts'

/** Sent, failed and cancelled as parts of all. */
export function JobProgress({ job }: { job: BatchJob }) {
  const { total, sent, failed, cancelled } = job.progress
  const share = (count: number) => ({ width: `${total === 0 ? 0 : (count / total) * 100}%` })
  const done = sent + failed + cancelled
  return (
    <div
      role="progressbar"
      aria-label="Recipients done"
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      aria-valuetext={`${formatCount(done)} of ${formatCount(total)}`}
      className="flex h-1.5 w-full overflow-hidden rounded-full bg-line"
    >
      <span style={share(sent)} className="bg-outcome-ok transition-[width]" />
      <span style={share(failed)} className="bg-outcome-error transition-[width]" />
      <span style={share(cancelled)} className="bg-outcome-not-found transition-[width]" />
    </div>
  )
}
