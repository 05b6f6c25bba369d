import { z } from 'zod'

/** Every permission, in the words the UI shows. The order is the order in lists. */
export const permissionMeanings = {
  send: 'Send email over HTTP and SMTP',
  'templates:read': 'Read templates',
  'templates:write': 'Create and change templates',
  'webhooks:read': 'Read webhooks and their deliveries',
  'webhooks:write': 'Create and change webhooks',
  'api-keys:read': 'List API keys',
  'api-keys:write': 'Create, change and revoke API keys',
  'logs:read': 'Read sent email, events and the access log',
  'usage:read': 'Read usage and alerts',
  'inbox:read': 'Read captured messages',
  'inbox:write': 'Mark, delete and release captured messages',
  'relays:read': 'Read SMTP relays',
  'relays:write': 'Create, change and test SMTP relays',
  'tenants:read': 'Read tenants',
  'tenants:write': 'Create and change tenants',
  '*': 'Everything, including settings',
} as const

export type Permission = keyof typeof permissionMeanings

export const permissions = Object.keys(permissionMeanings) as [Permission, ...Permission[]]

/** The MailSage dialect's coarser names and what each one stands for. */
export const mailsagePermissions = {
  send_email: ['send'],
  manage_templates: ['templates:read', 'templates:write'],
  manage_smtp: ['relays:read', 'relays:write'],
  view_analytics: ['logs:read', 'usage:read'],
  webhook_management: ['webhooks:read', 'webhooks:write'],
} as const satisfies Record<string, readonly Permission[]>

type MailsagePermission = keyof typeof mailsagePermissions

export const mailsagePermissionNames = Object.keys(mailsagePermissions) as [
  MailsagePermission,
  ...MailsagePermission[],
]

/** Accepts both vocabularies, answers ours. */
export const PermissionList = z
  .array(z.enum([...permissions, ...mailsagePermissionNames]))
  .max(64)
  .transform((names): readonly Permission[] => [...new Set(names.flatMap(expand))])

function expand(name: Permission | MailsagePermission): readonly Permission[] {
  return name in mailsagePermissions
    ? mailsagePermissions[name as MailsagePermission]
    : [name as Permission]
}

/**
 * A key's permissions in MailSage's words: a name is listed when all it stands for is held, and
 * what has no MailSage name keeps ours, so that nothing a key may do is hidden.
 */
export function toMailsage(held: readonly Permission[]): string[] {
  if (held.includes('*')) return [...mailsagePermissionNames]
  const named = mailsagePermissionNames.filter((name) => grants(held, mailsagePermissions[name]))
  const covered = new Set<Permission>(named.flatMap((name) => mailsagePermissions[name]))
  return [...named, ...held.filter((permission) => !covered.has(permission))]
}

/** True when `held` covers every one of `wanted`. */
export function grants(held: readonly Permission[], wanted: readonly Permission[]): boolean {
  return held.includes('*') || wanted.every((permission) => held.includes(permission))
}
