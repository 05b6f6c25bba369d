/** Hours east of UTC, for names with one meaning. */
const hours = new Map([
  ['', 0],
  ['z', 0],
  ['ut', 0],
  ['utc', 0],
  ['gmt', 0],
  ['wet', 0],
  ['west', 1],
  ['cet', 1],
  ['met', 1],
  ['mez', 1],
  ['cest', 2],
  ['mest', 2],
  ['mesz', 2],
  ['eet', 2],
  ['sast', 2],
  ['eest', 3],
  ['msk', 3],
  ['wib', 7],
  ['hkt', 8],
  ['sgt', 8],
  ['awst', 8],
  ['jst', 9],
  ['kst', 9],
  ['aest', 10],
  ['aedt', 11],
  ['nzst', 12],
  ['nzdt', 13],
  // RFC 5322 §4.3.
  ['est', -5],
  ['edt', -4],
  ['cst', -6],
  ['cdt', -5],
  ['mst', -7],
  ['mdt', -6],
  ['pst', -8],
  ['pdt', -7],
  ['akst', -9],
  ['akdt', -8],
  ['hst', -10],
])

/** No zone is further from UTC. */
const maxMinutes = 14 * 60

const offset = /^(?:gmt|utc?|z)? ?([+-])(\d{1,2})(?::?(\d{2}))?(?: .*)?$/i
const threeDigits = /^(?:gmt|utc?|z)? ?([+-])(\d)(\d{2})(?: .*)?$/i
const name = /^[a-z]*/i

/** Minutes east of UTC. Null for a name with several meanings or none. Empty is UTC, as is 0000. */
export function zoneMinutes(written: string): number | null {
  const [, sign, hour, minute = '0'] = threeDigits.exec(written) ?? offset.exec(written) ?? []
  if (hour === undefined) {
    const known = hours.get(name.exec(written)?.[0].toLowerCase() ?? '')
    return known === undefined || /^[+-]/.test(written) ? null : known * 60
  }
  const minutes = Number(hour) * 60 + Number(minute)
  if (minutes > maxMinutes || Number(minute) > 59) return null
  return sign === '-' ? -minutes : minutes
}
