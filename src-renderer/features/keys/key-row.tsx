import { Ban, CircleCheck, Ellipsis, Pencil, RefreshCw, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import { Badge } from '../../ui/badge.tsx'
import { formatCount, formatDate, formatDistance, formatExact } from '../../ui/format.ts'
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx'
import { ModeBadge } from '../../ui/mode-badge.tsx'
import { Tip } from '../../ui/tip.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { permissionSummary } from './key-choices.ts'
import { beginTask, changeKey } from './keys-store.ts'

const soonMs = 14 * 86_400_000

export function KeyRow({ apiKey, requests }: { apiKey: Key; requests: number | null }) {
  const { name, mode, prefix, permissions, enabled, last_used_at, last_used_from } = apiKey
  const extra = permissions.length - 1
  return (
    <tr className="border-line border-t hover:bg-hover">
      <td className="py-2 pr-3 pl-4">
        <div className="flex items-center gap-2">
          <span
            className={enabled ? 'truncate font-medium' : 'truncate font-medium text-ink-faint'}
          >
            {name}
          </span>
          {permissions.includes('*') && <Badge tone="sage">Admin</Badge>}
          {!enabled && <Badge>Disabled</Badge>}
        </div>
        <code className="block truncate text-ink-faint text-xs">{prefix.replace(/…$/, '')}…</code>
      </td>
      <Cell>
        <ModeBadge mode={mode} />
      </Cell>
      <Cell>
        <Tip label={permissions.join(', ') || 'None'}>
          <span className="flex items-center gap-1.5 text-ink-muted">
            <span className="truncate">{permissionSummary(permissions)}</span>
            {extra > 0 && <Badge>+{extra}</Badge>}
          </span>
        </Tip>
      </Cell>
      <Cell>
        {last_used_at === null ? (
          <span className="text-ink-faint">Never</span>
        ) : (
          <Tip label={`${formatExact(last_used_at)}${last_used_from ? `, ${last_used_from}` : ''}`}>
            <span className="text-ink-muted">{formatDistance(last_used_at)}</span>
          </Tip>
        )}
      </Cell>
      <Cell>
        <Expiry apiKey={apiKey} />
      </Cell>
      <td className="figures px-3 text-right text-ink-muted">
        {requests === null ? '–' : formatCount(requests)}
      </td>
      <td className="w-11 pr-2 text-right">
        <Actions apiKey={apiKey} />
      </td>
    </tr>
  )
}

function Cell({ children }: { children: ReactNode }) {
  return <td className="truncate px-3">{children}</td>
}

function Expiry({ apiKey: { expires_at, grace_until } }: { apiKey: Key }) {
  if (grace_until !== null && Date.parse(grace_until) > Date.now()) {
    return (
      <Tip label={`The secret before the last rotation works until ${formatExact(grace_until)}`}>
        <span>
          <Badge tone="warn">Rotating</Badge>
        </span>
      </Tip>
    )
  }
  if (expires_at === null) return <span className="text-ink-faint">Never</span>
  const leftMs = Date.parse(expires_at) - Date.now()
  if (leftMs <= 0) return <Badge tone="danger">Expired</Badge>
  return (
    <Tip label={formatExact(expires_at)}>
      <span>
        {leftMs < soonMs ? (
          <Badge tone="warn">{formatDistance(expires_at)}</Badge>
        ) : (
          <span className="text-ink-muted">{formatDate(expires_at)}</span>
        )}
      </span>
    </Tip>
  )
}

function Actions({ apiKey }: { apiKey: Key }) {
  const { name, enabled, source } = apiKey
  const isFixed = source === 'environment'
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Actions for ${name}`}
          className="inline-flex size-7 items-center justify-center rounded-md text-ink-muted hover:bg-line hover:text-ink data-[state=open]:bg-line"
        >
          <Ellipsis aria-hidden size={15} strokeWidth={1.75} />
        </button>
      }
    >
      <MenuItem
        icon={RefreshCw}
        disabled={isFixed}
        onSelect={() => beginTask({ type: 'rotate', key: apiKey })}
      >
        Rotate…
      </MenuItem>
      <MenuItem icon={Pencil} onSelect={() => beginTask({ type: 'edit', key: apiKey })}>
        Edit…
      </MenuItem>
      <MenuItem
        icon={enabled ? Ban : CircleCheck}
        onSelect={() => changeKey(apiKey, { enabled: !enabled }).catch(toastFailure)}
      >
        {enabled ? 'Disable' : 'Enable'}
      </MenuItem>
      <MenuLine />
      <MenuItem
        icon={Trash2}
        danger
        disabled={isFixed}
        onSelect={() => beginTask({ type: 'revoke', key: apiKey })}
      >
        Revoke…
      </MenuItem>
    </Menu>
  )
}
