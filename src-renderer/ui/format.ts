import { uiLabels } from './labels.ts'

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const dayMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const fullDate = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
})
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })
const whole = new Intl.NumberFormat(undefined)
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const share = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 })
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' })

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** The time for today, the day and month for this year, else the full date. */
export function formatWhen(iso: string, now = new Date()): string {
  const at = new Date(iso)
  if (at.toDateString() === now.toDateString()) return clock.format(at)
  return at.getFullYear() === now.getFullYear() ? dayMonth.format(at) : fullDate.format(at)
}

export function formatClock(iso: string): string {
  return clock.format(new Date(iso))
}

export function formatDay(iso: string): string {
  return dayMonth.format(new Date(iso))
}

export function formatDate(iso: string): string {
  return fullDate.format(new Date(iso))
}

export function formatMoment(iso: string): string {
  return moment.format(new Date(iso))
}

export function formatExact(iso: string): string {
  return exact.format(new Date(iso))
}

/** "2 min. ago", "in 30 days". */
export function formatDistance(iso: string, nowMs = Date.now()): string {
  const distanceMs = Date.parse(iso) - nowMs
  const size = Math.abs(distanceMs)
  if (size < minuteMs) return distanceMs > 0 ? uiLabels.inAMoment : uiLabels.justNow
  if (size < hourMs) return relative.format(Math.round(distanceMs / minuteMs), 'minute')
  if (size < dayMs) return relative.format(Math.round(distanceMs / hourMs), 'hour')
  return relative.format(Math.round(distanceMs / dayMs), 'day')
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const units = ['KB', 'MB', 'GB']
  let size = bytes / 1024
  let unit = 0
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`
}

export function formatCount(count: number): string {
  return count < 100_000 ? whole.format(count) : compact.format(count)
}

export function formatShare(fraction: number): string {
  return share.format(fraction)
}
