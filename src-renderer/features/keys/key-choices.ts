import { type Permission, permissions } from '../../../src-main/contract/permissions.ts'
import { keysLabels } from './labels.ts'

export const expiries = [
  { value: '30', label: keysLabels.expiry.days30 },
  { value: '90', label: keysLabels.expiry.days90 },
  { value: '180', label: keysLabels.expiry.days180 },
  { value: '365', label: keysLabels.expiry.year1 },
  { value: '730', label: keysLabels.expiry.years2 },
  { value: '1095', label: keysLabels.expiry.years3 },
  { value: 'never', label: keysLabels.never },
] as const

export type Expiry = (typeof expiries)[number]['value']

export function expiryDays(expiry: Expiry): number | null {
  return expiry === 'never' ? null : Number(expiry)
}

export const graceTimes = [
  { value: '0', label: keysLabels.grace.none },
  { value: '3600', label: keysLabels.grace.hour1 },
  { value: '86400', label: keysLabels.grace.day1 },
  { value: '604800', label: keysLabels.grace.days7 },
  { value: '2592000', label: keysLabels.expiry.days30 },
] as const

export type GraceTime = (typeof graceTimes)[number]['value']

export const presets = [
  { value: 'send', label: keysLabels.preset.send, permissions: ['send'] },
  {
    value: 'tests',
    label: keysLabels.preset.tests,
    permissions: ['send', 'inbox:read', 'inbox:write'],
  },
  { value: 'inbox', label: keysLabels.preset.inbox, permissions: ['inbox:read'] },
  { value: 'full', label: keysLabels.preset.full, permissions: ['*'] },
  { value: 'custom', label: keysLabels.preset.custom, permissions: null },
] as const satisfies readonly {
  value: string
  label: string
  permissions: readonly Permission[] | null
}[]

export type Preset = (typeof presets)[number]['value']

export function presetOf(chosen: readonly Permission[]): Preset {
  const match = presets.find(
    (preset) =>
      preset.permissions?.length === chosen.length &&
      preset.permissions.every((permission) => chosen.includes(permission)),
  )
  return match?.value ?? 'custom'
}

export const singlePermissions = permissions.filter((permission) => permission !== '*')
