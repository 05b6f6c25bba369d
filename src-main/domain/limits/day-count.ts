type Day = { readonly day: number; readonly used: number }

/** The amount used on a UTC day, and on the days counted before it. */
export type DayCount = {
  day: number
  used: number
  others: readonly Day[]
}

const maxOthers = 4

/**
 * Moves a count to today. After the clock was set back, the amount of the later day counts for today
 * as well, and no day starts again at 0: a wrong clock gives nobody a second day.
 */
export function turnTo(count: DayCount, today: number): void {
  const { day, used, others } = count
  if (day === today) return
  const known = others.find((other) => other.day === today)?.used ?? 0
  count.others = [{ day, used }, ...others.filter((other) => other.day !== day)].slice(0, maxOthers)
  count.used = day < today ? known : used + known
  count.day = today
}
