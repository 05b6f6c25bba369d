/** Decimal digits, rounded as Python rounds: half to even, by the exact value of the float. */
export function toFixed(value: number, digits: number): string {
  const places = Math.min(Math.max(digits, 0), 50)
  if (!Number.isFinite(value) || Math.abs(value) >= 1e21) return String(value)
  const exact = Math.abs(value).toFixed(100)
  const cut = exact.indexOf('.') + 1 + places
  const rest = exact.slice(cut)
  const isTie = rest.startsWith('5') && /^50*$/.test(rest)
  const below = exact.slice(0, cut).replace(/\.$/, '')
  const isEven = Number(below.at(-1)) % 2 === 0
  const rounded = isTie && isEven ? below : Math.abs(value).toFixed(places)
  return value < 0 || Object.is(value, -0) ? `-${rounded}` : rounded
}

export function roundTo(value: number, digits: number): number {
  if (digits >= 0) return Number(toFixed(value, digits))
  if (digits < -308) return Number.isFinite(value) ? 0 * value : value
  const unit = 10 ** -digits
  return Number(toFixed(value / unit, 0)) * unit
}
