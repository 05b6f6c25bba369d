import type { ReactNode } from 'react'
import type { KeyLimits } from '../../../src-main/contract/key-figures.ts'
import type { Key } from '../../../src-main/contract/keys.ts'
import { routeHash } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { classes } from '../../ui/classes.ts'
import { formatDate, formatExact } from '../../ui/format.ts'
import { ModeBadge } from '../../ui/mode-badge.tsx'
import { KeyActions } from './key-actions.tsx'
import { UseCell } from './key-limits-bars.tsx'
import { isRotating, KeyExpiry, LastUse, RotationLine } from './key-times.tsx'
import type { KeyUse } from './keys-store.ts'
import { keysLabels } from './labels.ts'
import { PermissionChips } from './permission-chips.tsx'

type KeyRowProps = {
  apiKey: Key
  limits: KeyLimits | undefined
  use: KeyUse | null
  isOpen: boolean
  isCurrent: boolean
}

export function KeyRow({ apiKey, limits, use, isOpen, isCurrent }: KeyRowProps) {
  const { id, mode, permissions, created_at } = apiKey
  return (
    <tr
      data-key={id}
      className={classes(
        'h-[52px] border-line border-t',
        isOpen ? 'bg-selected' : 'hover:bg-hover',
        isCurrent && 'shadow-[inset_2px_0_0_var(--color-sage)]',
      )}
    >
      <td className="py-1.5 pr-3 pl-4">
        <KeyTitle apiKey={apiKey} />
      </td>
      <Cell>
        <ModeBadge mode={mode} />
      </Cell>
      <Cell>
        <PermissionChips permissions={permissions} max={3} />
      </Cell>
      <Cell>
        <UseCell limits={limits} use={use} />
      </Cell>
      <Cell>
        <LastUse apiKey={apiKey} />
      </Cell>
      <Cell>
        <KeyExpiry apiKey={apiKey} />
        {isRotating(apiKey) && apiKey.grace_until && <RotationLine until={apiKey.grace_until} />}
      </Cell>
      <td
        className="figures hidden truncate px-3 text-ink-muted 2xl:table-cell"
        title={formatExact(created_at)}
      >
        {formatDate(created_at)}
      </td>
      <td className="w-11 pr-2 text-right">
        <KeyActions apiKey={apiKey} />
      </td>
    </tr>
  )
}

/** Name and prefix; the name leads to the key. */
export function KeyTitle({ apiKey }: { apiKey: Key }) {
  const { id, name, prefix, permissions, enabled, source } = apiKey
  return (
    <>
      <span className="flex items-center gap-1.5">
        <a
          href={routeHash('keys', id)}
          title={name}
          className={classes(
            'truncate rounded-sm font-medium hover:underline',
            !enabled && 'text-ink-faint',
          )}
        >
          {name}
        </a>
        {permissions.includes('*') && <Badge tone="sage">{keysLabels.admin}</Badge>}
        {!enabled && <Badge>{keysLabels.disabled}</Badge>}
      </span>
      <code className="block truncate text-ink-faint text-xs">
        {prefix.replace(/…$/, '')}…{source === 'environment' && keysLabels.table.fromEnvironment}
      </code>
    </>
  )
}

function Cell({ children }: { children: ReactNode }) {
  return <td className="truncate px-3">{children}</td>
}
