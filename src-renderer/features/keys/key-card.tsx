import type { ReactNode } from 'react'
import type { KeyLimits } from '../../../src-main/contract/key-figures.ts'
import type { Key } from '../../../src-main/contract/keys.ts'
import { classes } from '../../ui/classes.ts'
import { formatDate, formatDistance } from '../../ui/format.ts'
import { ModeBadge } from '../../ui/mode-badge.tsx'
import { KeyActions } from './key-actions.tsx'
import { LimitBars } from './key-limits-bars.tsx'
import { KeyTitle } from './key-row.tsx'
import { isRotating, KeyExpiry, RotationNote } from './key-times.tsx'
import type { KeyUse } from './keys-store.ts'
import { keysLabels } from './labels.ts'
import { PermissionChips } from './permission-chips.tsx'

type KeyCardProps = {
  apiKey: Key
  limits: KeyLimits | undefined
  use: KeyUse | null
  isOpen: boolean
  isCurrent: boolean
}

export function KeyCard({ apiKey, limits, use, isOpen, isCurrent }: KeyCardProps) {
  const { id, mode, permissions, created_at, last_used_at, last_used_from, grace_until } = apiKey
  return (
    <li
      data-key={id}
      className={classes(
        'flex min-w-0 flex-col rounded-lg border bg-canvas',
        isCurrent || isOpen ? 'border-sage' : 'border-line',
      )}
    >
      <div className="flex items-start gap-2 px-4 pt-3">
        <div className="min-w-0 flex-1">
          <KeyTitle apiKey={apiKey} />
        </div>
        <ModeBadge mode={mode} />
        <div className="-mt-1 -mr-2">
          <KeyActions apiKey={apiKey} />
        </div>
      </div>
      <div className="min-h-10 px-4 pt-2">
        <PermissionChips permissions={permissions} max={3} />
      </div>
      <div className="px-4 pt-2 pb-3">
        <LimitBars limits={limits} use={use} />
      </div>
      <dl className="mt-auto grid grid-cols-3 gap-2 border-line border-t px-4 py-2.5 text-sm">
        <Fact name={keysLabels.lastUsed}>
          <span title={last_used_from ?? ''}>
            {last_used_at === null ? keysLabels.never : formatDistance(last_used_at)}
          </span>
        </Fact>
        <Fact name={isRotating(apiKey) ? keysLabels.card.oldSecret : keysLabels.expires}>
          {isRotating(apiKey) && grace_until ? (
            <RotationNote until={grace_until} />
          ) : (
            <KeyExpiry apiKey={apiKey} />
          )}
        </Fact>
        <Fact name={keysLabels.created}>{formatDate(created_at)}</Fact>
      </dl>
    </li>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-ink-faint text-xs">{name}</dt>
      <dd className="h-5 truncate text-ink-muted">{children}</dd>
    </div>
  )
}
