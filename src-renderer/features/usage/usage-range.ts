const hourMs = 3_600_000
const dayMs = 24 * hourMs

export const presets = {
  '1h': hourMs,
  '24h': dayMs,
  '7d': 7 * dayMs,
  '30d': 30 * dayMs,
  '90d': 90 * dayMs,
  '1y': 365 * dayMs,
} as const satisfies Record<string, number>

export type Preset = keyof typeof presets
export const presetNames = Object.keys(presets) as readonly Preset[]

/** A period that ends now, or one entered in the fields or selected on the chart. */
export type Range =
  | { readonly type: 'preset'; readonly preset: Preset }
  | { readonly type: 'custom'; readonly from: string; readonly to: string }

export function spanOf(
  range: Range,
  nowMs: number,
): { readonly from: string; readonly to?: string } {
  if (range.type === 'custom') return { from: range.from, to: range.to }
  return { from: new Date(nowMs - presets[range.preset]).toISOString() }
}

/** The minimum time between reloads; a longer range changes less visibly. */
export function refreshMsOf(range: Range): number {
  const spanMs =
    range.type === 'preset' ? presets[range.preset] : Date.parse(range.to) - Date.parse(range.from)
  if (spanMs <= dayMs) return 1000
  return spanMs <= 31 * dayMs ? 5000 : 30_000
}

/** The range of a drag from one bucket to another; null for a click. */
export function zoomTo(
  series: readonly { readonly at: string }[],
  startIndex: number,
  endIndex: number,
): Range | null {
  const first = series[Math.min(startIndex, endIndex)]
  const last = series[Math.max(startIndex, endIndex)]
  const next = series[1]
  const begin = series[0]
  if (!first || !last || !begin || !next || startIndex === endIndex) return null
  const widthMs = Date.parse(next.at) - Date.parse(begin.at)
  return {
    type: 'custom',
    from: first.at,
    to: new Date(Date.parse(last.at) + widthMs).toISOString(),
  }
}

/** The value of an `<input type="datetime-local">`, in local time. */
export function toLocalField(iso: string): string {
  const at = new Date(iso)
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** Null for an invalid range. */
export function customRange(fromField: string, toField: string): Range | null {
  const [from, to] = [new Date(fromField), new Date(toField)]
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime()) || from >= to) return null
  return { type: 'custom', from: from.toISOString(), to: to.toISOString() }
}
