import { z } from 'zod'

/** Every permission with its label. Lists use this order. */
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

/** The MailSage dialect's coarser names with their permissions. */
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

/** Accepts both vocabularies and returns ours. */
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
 * A key's permissions by MailSage's names. A name is listed when the key holds all its permissions;
 * other permissions keep our names, so that none is hidden.
 */
export function toMailsage(held: readonly Permission[]): string[] {
  if (held.includes('*')) return [...mailsagePermissionNames]
  const named = mailsagePermissionNames.filter((name) => grants(held, mailsagePermissions[name]))
  const covered = new Set<Permission>(named.flatMap((name) => mailsagePermissions[name]))
  return [...named, ...held.filter((permission) => !covered.has(permission))]
}

/** True when `held` includes every permission of `wanted`. */
export function grants(held: readonly Permission[], wanted: readonly Permission[]): boolean {
  return held.includes('*') || wanted.every((permission) => held.includes(permission))
}
