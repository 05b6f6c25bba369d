import type { Alert } from '../../../src-main/contract/alerts.ts'
import { formatCount, formatMoment } from '../../ui/format.ts'
import { usageLabels } from './labels.ts'

export function settingName(name: string): string {
  return usageLabels.settingNames[name] ?? name
}

/** Name and value of each figure of an alert; the kind of a limit becomes its unit. */
export function alertDetails(figures: Alert['figures']): readonly (readonly [string, string])[] {
  const kind = String(figures.kind ?? '')
  const limitUnit = ` ${usageLabels.limitKinds[kind] ?? kind}`.trimEnd()
  return Object.entries(figures).flatMap(([name, value]) => {
    if (value === null || name === 'kind') return []
    const [label, unit] = usageLabels.alertDetails[name] ?? [name, '']
    return [[label, `${format(name, value)}${name === 'limit' ? limitUnit : unit}`]]
  })
}

function format(name: string, value: number | string): string {
  if (typeof value === 'string') return name.endsWith('_at') ? formatMoment(value) : value
  return Number.isInteger(value) ? formatCount(value) : String(value)
}
