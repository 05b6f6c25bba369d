type Day = { readonly day: number; readonly used: number }

/** How much was used on a UTC day, and on the days counted before it. */
export type DayCount = {
  day: number
  used: number
  others: readonly Day[]
}

const maxOthers = 4

/**
 * Brings a count to the day that it is. After a clock was set back, the day that was counted ahead
 * of its time counts with the one that it is really, and no day begins twice: a wrong clock gives
 * nobody a day more.
 */
export function turnTo(count: DayCount, today: number): void {
  const { day, used, others } = count
  if (day === today) return
  const known = others.find((other) => other.day === today)?.used ?? 0
  count.others = [{ day, used }, ...others.filter((other) => other.day !== day)].slice(0, maxOthers)
  count.used = day < today ? known : used + known
  count.day = today
}
