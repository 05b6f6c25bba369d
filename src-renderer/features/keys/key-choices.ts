import { type Permission, permissions } from '../../../src-main/contract/permissions.ts'

export const expiries = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '180', label: '180 days' },
  { value: '365', label: '1 year' },
  { value: '730', label: '2 years' },
  { value: '1095', label: '3 years' },
  { value: 'never', label: 'Never' },
] as const

export type Expiry = (typeof expiries)[number]['value']

export function expiryDays(expiry: Expiry): number | null {
  return expiry === 'never' ? null : Number(expiry)
}

export const graceTimes = [
  { value: '0', label: 'Stop at once' },
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '7 days' },
  { value: '2592000', label: '30 days' },
] as const

export type GraceTime = (typeof graceTimes)[number]['value']

export const presets = [
  { value: 'send', label: 'Send only', permissions: ['send'] },
  {
    value: 'tests',
    label: 'Send and check',
    permissions: ['send', 'inbox:read', 'inbox:write'],
  },
  { value: 'inbox', label: 'Read inbox', permissions: ['inbox:read'] },
  { value: 'full', label: 'Full access', permissions: ['*'] },
  { value: 'custom', label: 'Custom', permissions: null },
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
