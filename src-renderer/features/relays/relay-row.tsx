import {
  ArrowDown,
  ArrowUp,
  Ellipsis,
  GripVertical,
  Pencil,
  Plug,
  Star,
  Trash2,
} from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import type { Relay } from '../../../src-main/contract/relays.ts'
import { go } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { classes } from '../../ui/classes.ts'
import { formatCount, formatDistance, formatExact } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { explainLastError } from './explain.ts'
import { relaysLabels } from './labels.ts'
import { beginTask, makeDefault, moveRelay } from './relays-store.ts'

const healthStyles = {
  unknown: {
    dot: 'border border-control',
    label: relaysLabels.health.unknown,
    text: 'text-ink-muted',
  },
  healthy: { dot: 'bg-sage', label: relaysLabels.health.healthy, text: 'text-ink' },
  warning: { dot: 'bg-live', label: relaysLabels.health.warning, text: 'text-warn-ink' },
  critical: { dot: 'bg-danger', label: relaysLabels.health.critical, text: 'text-danger-ink' },
} as const
const unresponsiveStyle = { ...healthStyles.warning, label: relaysLabels.health.unresponsive }

type RelayRowProps = {
  relay: Relay
  /** Zero-based position in the order; null for a relay outside the order. */
  position: { readonly index: number; readonly total: number } | null
  isOver: boolean
  drag: {
    readonly onDragStart: () => void
    readonly onDragOver: () => void
    readonly onDrop: () => void
    readonly onDragEnd: () => void
  }
}

export function RelayRow({ relay, position, isOver, drag }: RelayRowProps) {
  const { id, name, host, port, tls, source, is_default, last_used_at } = relay
  function onKeyDown(event: KeyboardEvent) {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    void moveRelay(id, event.key === 'ArrowUp' ? -1 : 1)
  }
  return (
    <tr
      draggable={position !== null}
      onDragStart={drag.onDragStart}
      onDragOver={(event) => {
        event.preventDefault()
        drag.onDragOver()
      }}
      onDrop={(event) => {
        event.preventDefault()
        drag.onDrop()
      }}
      onDragEnd={drag.onDragEnd}
      className={classes(
        'h-14 border-line border-t hover:bg-hover',
        isOver && 'bg-sage-soft shadow-[inset_0_2px_0_var(--color-sage)]',
      )}
    >
      <td className="w-9 pl-3">
        {position && (
          <Tooltip label={relaysLabels.table.drag}>
            <span className="flex cursor-grab items-center text-ink-faint">
              <Icon of={GripVertical} size={14} />
              <span className="figures w-4 text-right text-sm">{position.index + 1}</span>
            </span>
          </Tooltip>
        )}
      </td>
      <td className="min-w-0 pr-3 pl-4">
        <span className="flex items-center gap-2">
          <button
            type="button"
            data-relay={id}
            onClick={() => go('relays', id)}
            onKeyDown={onKeyDown}
            className="truncate rounded-sm font-medium hover:underline"
          >
            {name}
          </button>
          {is_default && <Badge tone="sage">{relaysLabels.table.default}</Badge>}
          {source === 'environment' && <Badge>{relaysLabels.table.environment}</Badge>}
        </span>
        <span
          className="figures block truncate font-mono text-ink-faint text-xs"
          title={`${host}:${port}`}
        >
          {host}:{port}
        </span>
      </td>
      <td className="px-3 text-ink-muted">{relaysLabels.tls[tls]}</td>
      <td className="px-3">
        <Health relay={relay} />
      </td>
      <td className="px-3">
        <Today relay={relay} />
      </td>
      <td className="truncate px-3 text-ink-muted">
        {last_used_at === null ? (
          <span className="text-ink-faint">{relaysLabels.table.never}</span>
        ) : (
          <span title={formatExact(last_used_at)}>{formatDistance(last_used_at)}</span>
        )}
      </td>
      <td className="w-11 pr-2 text-right">
        <Actions relay={relay} position={position} />
      </td>
    </tr>
  )
}

function Health({ relay: { health, last_error, failures, connection } }: { relay: Relay }) {
  const isUnresponsive = connection.state === 'hangs' && failures === 0
  const { dot, label, text } = isUnresponsive ? unresponsiveStyle : healthStyles[health]
  const error = last_error ?? (failures > 0 ? relaysLabels.explain.unreachable.title : null)
  return (
    <div className="min-w-0">
      <span className={classes('flex items-center gap-1.5 font-medium', text)}>
        <span className={classes('size-2 shrink-0 rounded-full', dot)} />
        {label}
      </span>
      {error && (
        <span className="block truncate text-ink-muted text-sm" title={error}>
          {explainLastError(error).title}
        </span>
      )}
    </div>
  )
}

function Today({ relay: { sent_today, daily_limit } }: { relay: Relay }) {
  if (daily_limit === null) return <span className="figures">{formatCount(sent_today)}</span>
  const share = Math.min(1, sent_today / daily_limit)
  return (
    <div>
      <span className="figures text-sm">
        {formatCount(sent_today)}
        <span className="text-ink-faint">{relaysLabels.table.ofLimit(daily_limit)}</span>
      </span>
      <div aria-hidden className="mt-1 h-1 overflow-hidden rounded-full bg-line">
        <div
          className={classes('h-full', share >= 0.9 ? 'bg-live' : 'bg-sage')}
          style={{ width: `${share * 100}%` }}
        />
      </div>
    </div>
  )
}

function Actions({ relay, position }: Pick<RelayRowProps, 'relay' | 'position'>): ReactNode {
  const isFixed = relay.source === 'environment'
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={relaysLabels.actions.menu(relay.name)}
          className="inline-flex size-7 items-center justify-center rounded-md text-ink-muted hover:bg-line hover:text-ink data-[state=open]:bg-line"
        >
          <Ellipsis aria-hidden size={15} strokeWidth={1.75} />
        </button>
      }
    >
      <MenuItem icon={Plug} onSelect={() => beginTask({ type: 'test', relay })}>
        {relaysLabels.actions.test}
      </MenuItem>
      <MenuItem icon={Pencil} onSelect={() => go('relays', relay.id)}>
        {isFixed ? relaysLabels.actions.view : relaysLabels.actions.edit}
      </MenuItem>
      <MenuItem icon={Star} disabled={relay.is_default} onSelect={() => makeDefault(relay)}>
        {relaysLabels.actions.makeDefault}
      </MenuItem>
      {position && (
        <>
          <MenuLine />
          <MenuItem
            icon={ArrowUp}
            disabled={position.index === 0}
            onSelect={() => moveRelay(relay.id, -1)}
          >
            {relaysLabels.actions.moveUp}
          </MenuItem>
          <MenuItem
            icon={ArrowDown}
            disabled={position.index === position.total - 1}
            onSelect={() => moveRelay(relay.id, 1)}
          >
            {relaysLabels.actions.moveDown}
          </MenuItem>
        </>
      )}
      <MenuLine />
      <MenuItem
        icon={Trash2}
        danger
        disabled={isFixed}
        onSelect={() => beginTask({ type: 'delete', relay })}
      >
        {relaysLabels.actions.delete}
      </MenuItem>
    </Menu>
  )
}
