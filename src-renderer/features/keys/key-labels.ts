import type { Permission } from '../../../src-main/contract/permissions.ts'

const may: Readonly<Record<Permission, string>> = {
  send: 'send',
  'templates:read': 'read templates',
  'templates:write': 'change templates',
  'webhooks:read': 'read webhooks',
  'webhooks:write': 'change webhooks',
  'api-keys:read': 'read keys',
  'api-keys:write': 'manage keys',
  'logs:read': 'read logs and sent mail',
  'usage:read': 'read usage',
  'inbox:read': 'read the inbox',
  'inbox:write': 'change the inbox',
  'relays:read': 'read relays',
  'relays:write': 'change relays',
  'tenants:read': 'read tenants',
  'tenants:write': 'manage tenants',
  '*': 'do everything',
}

/** Pairs that are said in one breath. */
const together = [
  ['inbox:read', 'inbox:write', 'read and change the inbox'],
  ['templates:read', 'templates:write', 'read and change templates'],
  ['webhooks:read', 'webhooks:write', 'read and change webhooks'],
  ['api-keys:read', 'api-keys:write', 'read and manage keys'],
  ['relays:read', 'relays:write', 'read and change relays'],
  ['tenants:read', 'tenants:write', 'read and manage tenants'],
] as const

/** What a key may do, as one would say it: “May send, may read the inbox”. */
export function permissionSentence(held: readonly Permission[]): string {
  if (held.includes('*')) return 'May do everything, settings too'
  const clauses = clausesOf(held)
  if (clauses.length === 0) return 'May do nothing yet'
  return `May ${clauses.join(', may ')}`
}

function clausesOf(held: readonly Permission[]): readonly string[] {
  const said = new Set<Permission>()
  return held.flatMap((permission) => {
    if (said.has(permission)) return []
    const pair = together.find(
      ([read, write]) =>
        (permission === read || permission === write) &&
        held.includes(read) &&
        held.includes(write),
    )
    for (const one of pair ? [pair[0], pair[1]] : [permission]) said.add(one)
    return [pair ? pair[2] : may[permission]]
  })
}

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Time that is left, in its two largest units; the last hour with its seconds. */
export function countdown(leftMs: number): string {
  const left = Math.max(0, leftMs)
  const part = (unitMs: number, ofMs = Number.POSITIVE_INFINITY) =>
    Math.floor((left % ofMs) / unitMs)
  const two = (value: number) => String(value).padStart(2, '0')
  if (left >= dayMs) return `${part(dayMs)} d ${part(hourMs, dayMs)} h`
  if (left >= hourMs) return `${part(hourMs)} h ${two(part(minuteMs, hourMs))} m`
  return `${part(minuteMs)}:${two(part(secondMs, minuteMs))}`
}
