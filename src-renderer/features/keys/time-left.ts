const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** The remaining time in its two largest units; minutes and seconds in the last hour. */
export function formatTimeLeft(remainingMs: number): string {
  const leftMs = Math.max(0, remainingMs)
  const part = (unitMs: number, ofMs = Number.POSITIVE_INFINITY) =>
    Math.floor((leftMs % ofMs) / unitMs)
  const twoDigits = (value: number) => String(value).padStart(2, '0')
  if (leftMs >= dayMs) return `${part(dayMs)} d ${part(hourMs, dayMs)} h`
  if (leftMs >= hourMs) return `${part(hourMs)} h ${twoDigits(part(minuteMs, hourMs))} m`
  return `${part(minuteMs)}:${twoDigits(part(secondMs, minuteMs))}`
}
