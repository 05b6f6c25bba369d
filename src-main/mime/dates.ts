import { zoneMinutes } from './zones.ts'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** An upper bound, with folds and comments. */
const maxLength = 500

const time =
  '(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2})(?:[.,]\\d{1,9})?)?(?: ?(?<half>[ap])\\.?m\\b\\.?)?'
const weekday = '(?:[a-z]{2,9}\\.?,? ?)?'
const zone = '(?: ?(?<zone>[+a-z-].*|0000))?$'

/** Each form in which mail programs write the time, with one blank for each run of blanks. */
export const dateForms = [
  // RFC 5322: Thu, 20 Jun 2024 10:08:48 +0200
  `^${weekday}(?<day>\\d{1,2})[ -]{1,2}(?<month>[a-z]{3})[a-z]{0,6}\\.?,?[ -]{1,2}(?<year>\\d{2,4}),? ${time}${zone}`,
  // asctime and date: Thu Jun 20 10:08:48 2024 +0200, Thu Jun 20 10:08:48 CEST 2024
  `^(?:[a-z]{3,9},? )?(?<month>[a-z]{3})[a-z]{0,6}\\.? (?<day>\\d{1,2}),? ${time} (?:(?<early>[a-z]{1,5}|[+-]\\d{4}) )?(?<year>\\d{4})${zone}`,
  // Jun 20, 2024 10:08:48 AM CEST
  `^(?:[a-z]{3,9},? )?(?<month>[a-z]{3})[a-z]{0,6}\\.? (?<day>\\d{1,2}),? (?<year>\\d{4}),? ${time}${zone}`,
  // ISO 8601
  `^(?<year>\\d{4})-(?<number>\\d\\d)-(?<day>\\d\\d)[t ]${time}${zone}`,
].map((form) => new RegExp(form, 'i'))

/**
 * The time of a Date field in ms. Null when the day, the time or the zone is not certain: a wrong
 * hour would look like a right one. `Date.parse` would accept prose, as local time.
 */
export function parseDate(value: string): number | null {
  const text = withoutComments(value.slice(0, maxLength)).replace(/\s+/g, ' ').trim()
  const evened = text.replace(/ :/g, ':').replace(/: /g, ':')
  for (const form of dateForms) {
    const fields = form.exec(evened)?.groups
    if (fields !== undefined) return timeOf(fields)
  }
  return null
}

type Fields = Readonly<Record<string, string | undefined>>

function timeOf(fields: Fields): number | null {
  const month = fields.number ? Number(fields.number) - 1 : monthOf(fields.month ?? '')
  const day = Number(fields.day)
  const hour = hourOf(Number(fields.hour), fields.half)
  const minute = Number(fields.minute)
  const second = Number(fields.second ?? '0')
  const minutes = zoneMinutes(fields.early ?? fields.zone ?? '')
  if (month < 0 || month > 11 || hour === null || minute > 59 || second > 60 || minutes === null)
    return null
  const midnight = Date.UTC(fullYear(fields.year ?? ''), month, day)
  // 31 April would become 1 May.
  if (new Date(midnight).getUTCDate() !== day) return null
  return midnight + ((hour * 60 + minute - minutes) * 60 + second) * 1000
}

const monthOf = (name: string): number => months.indexOf(name.toLowerCase())

function hourOf(written: number, half: string | undefined): number | null {
  if (half === undefined) return written > 23 ? null : written
  // Some programs write 13:05 PM.
  if (written > 12 || written === 0) return written > 23 ? null : written
  return (written % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
}

// RFC 5322 §4.3: two digits below 50 are this century, three digits count from 1900.
function fullYear(text: string): number {
  const year = Number(text)
  if (text.length >= 4) return year
  return text.length === 2 && year < 50 ? 2000 + year : 1900 + year
}

/** RFC 5322 §3.2.2: a comment may stand between any two words. */
function withoutComments(text: string): string {
  if (!text.includes('(')) return text
  let bare = ''
  let depth = 0
  for (const character of text) {
    if (character === '(') depth++
    if (depth === 0) bare += character
    if (character === ')' && depth > 0) {
      depth--
      bare += ' '
    }
  }
  return bare
}
