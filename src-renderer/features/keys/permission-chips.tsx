import type { Permission } from '../../../src-main/contract/permissions.ts'
import { Badge } from '../../ui/badge.tsx'
import { keysLabels, permissionNames, permissionPairs } from './labels.ts'

type PermissionChipsProps = { permissions: readonly Permission[]; max?: number }

/** One chip per permission; the chips after `max` become one "+n". */
export function PermissionChips({ permissions, max = Infinity }: PermissionChipsProps) {
  const labels = permissionLabels(permissions)
  const hidden = labels.length - max
  return (
    <ul
      aria-label={keysLabels.permissions}
      title={permissions.join(', ') || keysLabels.table.noPermissions}
      className="flex flex-wrap gap-1"
    >
      {labels.length === 0 && <li className="text-ink-faint">{keysLabels.table.noPermissions}</li>}
      {labels.slice(0, max).map((label) => (
        <li key={label} className="flex">
          <Badge>{label}</Badge>
        </li>
      ))}
      {hidden > 0 && (
        <li className="flex">
          <Badge>{`+${hidden}`}</Badge>
        </li>
      )}
    </ul>
  )
}

export function permissionLabels(held: readonly Permission[]): readonly string[] {
  if (held.includes('*')) return [permissionNames['*']]
  const covered = new Set<Permission>()
  return held.flatMap((permission) => {
    if (covered.has(permission)) return []
    const pair = permissionPairs.find(
      ([read, write]) =>
        (permission === read || permission === write) &&
        held.includes(read) &&
        held.includes(write),
    )
    for (const one of pair ? [pair[0], pair[1]] : [permission]) covered.add(one)
    return [pair ? pair[2] : permissionNames[permission]]
  })
}
