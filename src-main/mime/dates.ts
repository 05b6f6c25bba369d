const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

// RFC 5322 §4.3: the unambiguous zone names; all others count as UTC.
const zoneHours = new Map([
  ['EST', -5],
  ['EDT', -4],
  ['CST', -6],
  ['CDT', -5],
  ['MST', -7],
  ['MDT', -6],
  ['PST', -8],
  ['PDT', -7],
])

const mailDate =
  /^(?:[a-z]{3,9}\.?,?\s*)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s-]+(\d{2,4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([+-]\d{4}|[a-z]{1,5})?/i
const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

/** The time of a Date field in ms, or null. `Date.parse` would accept prose, as local time. */
export function parseDate(value: string): number | null {
  const match = mailDate.exec(value)
  if (match === null) return isoDate.test(value) ? finite(Date.parse(value)) : null
  const [, day, monthName = '', yearText = '', hour, minute, second = '0', zone = ''] = match
  const month = months.indexOf(monthName.toLowerCase())
  if (month === -1 || Number(hour) > 23 || Number(minute) > 59 || Number(day) > 31) return null
  const utc = Date.UTC(
    fullYear(yearText),
    month,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
  return finite(utc - zoneMinutes(zone) * 60_000)
}

// RFC 5322 §4.3: two digits below 50 are this century, three digits count from 1900.
function fullYear(text: string): number {
  const year = Number(text)
  if (text.length >= 4) return year
  return text.length === 2 && year < 50 ? 2000 + year : 1900 + year
}

function zoneMinutes(zone: string): number {
  const offset = Number(zone)
  if (Number.isNaN(offset)) return (zoneHours.get(zone.toUpperCase()) ?? 0) * 60
  return Math.trunc(offset / 100) * 60 + (offset % 100)
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
