import type { BatchJob } from '../../../src-main/contract/jobs.ts'
import { formatCount } from '../../ui/format.ts'
import { jobLabels } from './labels.ts'

/** A stacked bar of sent, failed and cancelled recipients. */
export function JobProgress({ job }: { job: BatchJob }) {
  const { total, sent, failed, cancelled } = job.progress
  const share = (count: number) => ({ width: `${total === 0 ? 0 : (count / total) * 100}%` })
  const done = sent + failed + cancelled
  return (
    <div
      role="progressbar"
      aria-label={jobLabels.progress}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      aria-valuetext={jobLabels.progressText(formatCount(done), formatCount(total))}
      className="flex h-1.5 w-full overflow-hidden rounded-full bg-line"
    >
      <span style={share(sent)} className="bg-outcome-ok transition-[width]" />
      <span style={share(failed)} className="bg-outcome-error transition-[width]" />
      <span style={share(cancelled)} className="bg-outcome-not-found transition-[width]" />
    </div>
  )
}
