/** Processor time of this thread alone, in ms; some machines count in steps of ten. */
function processorMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

function cost(work: () => unknown, runs: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < runs; run++) {
    const started = processorMs()
    work()
    least = Math.min(least, processorMs() - started)
  }
  return least
}

const growth = 5
/** Linear work grows by 5, quadratic work by 25; noise and stepwise growth are between them. */
const maxGrowth = 13
const measurableMs = 20
/** Maximum input length; a pattern that is too fast to measure at this length passes. */
const maxLength = 128 * 1024
/** A call that takes so long grows too fast, however long its text is. */
const maxMs = 2000

/** The factor by which a text of 5 times the length takes longer; the text is long enough to measure. */
export function growthOf(work: (length: number) => unknown): number {
  let length = 1024
  let small = 0
  for (; length <= maxLength; length *= 2) {
    small = cost(() => work(length), 1)
    if (small > maxMs) return Number.POSITIVE_INFINITY
    if (small >= measurableMs)
      small = Math.min(
        small,
        cost(() => work(length), 2),
      )
    if (small >= measurableMs) break
  }
  if (small < measurableMs) return 1
  const large = cost(() => work(length * growth), 1)
  if (large / small <= maxGrowth) return large / small
  // Once more: a collection of garbage may have fallen into it.
  return cost(() => work(length * growth), 2) / cost(() => work(length), 3)
}

export const growsTooFast = (work: (length: number) => unknown): boolean =>
  growthOf(work) > maxGrowth
