import { Ellipsis, Pencil, Plug, Server, Trash2 } from 'lucide-react'
import { useEffect } from 'react'
import type { Relay } from '../../../src-main/contract/relays.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Card } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Tip } from '../../ui/tip.tsx'
import { toast } from '../../ui/toasts.tsx'
import { RelayDialog } from './relay-dialog.tsx'
import { beginTask, deleteRelay, endTask, loadRelays, useRelays } from './relays-store.ts'
import { TestDialog } from './test-dialog.tsx'

export function RelayList() {
  const relays = useRelays((state) => state.relays)
  useEffect(() => {
    void loadRelays()
  }, [])
  return (
    <>
      <Card>
        {relays.status === 'loading' && <SkeletonRows count={2} height={56} />}
        {relays.status === 'failed' && <Failure failure={relays.failure} onRetry={loadRelays} />}
        {relays.status === 'ready' && relays.value.length === 0 && (
          <Empty icon={Server} title="No relay yet">
            Until there is one, live keys are refused. Test keys need none.
          </Empty>
        )}
        {relays.status === 'ready' && (
          <ul aria-label="Relays">
            {relays.value.map((relay) => (
              <RelayRow key={relay.id} relay={relay} />
            ))}
          </ul>
        )}
      </Card>
      <Task />
    </>
  )
}

const tlsNames = { none: 'no TLS', starttls: 'STARTTLS', implicit: 'TLS' } as const
const healthLooks = {
  unknown: { tone: 'neutral', word: 'Not used yet' },
  healthy: { tone: 'sage', word: 'Healthy' },
  warning: { tone: 'warn', word: 'Failing' },
  critical: { tone: 'danger', word: 'Unreachable' },
} as const

function RelayRow({ relay }: { relay: Relay }) {
  const { name, host, port, tls, username, source, health, last_error } = relay
  const isFixed = source === 'environment'
  const { tone, word } = healthLooks[health]
  const badge = <Badge tone={tone}>{word}</Badge>
  return (
    <li className="flex items-center gap-3 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <span className="truncate font-medium">{name}</span>
          {isFixed && (
            <Tip label="Made from SMTP_HOST and its kin; change it there">
              <span>
                <Badge>Environment</Badge>
              </span>
            </Tip>
          )}
        </p>
        <p className="figures truncate font-mono text-ink-faint text-xs">
          {host}:{port} · {tlsNames[tls]}
          {username && ` · ${username}`}
        </p>
      </div>
      {last_error ? (
        <Tip label={last_error}>
          <span>{badge}</span>
        </Tip>
      ) : (
        badge
      )}
      <Button icon={Plug} onClick={() => beginTask({ type: 'test', relay })}>
        Test
      </Button>
      <Menu
        trigger={
          <button
            type="button"
            aria-label={`Actions for ${name}`}
            className="-mr-2 inline-flex size-7 items-center justify-center rounded-md text-ink-muted hover:bg-hover hover:text-ink data-[state=open]:bg-hover"
          >
            <Ellipsis aria-hidden size={15} strokeWidth={1.75} />
          </button>
        }
      >
        <MenuItem
          icon={Pencil}
          disabled={isFixed}
          onSelect={() => beginTask({ type: 'edit', relay })}
        >
          Edit…
        </MenuItem>
        <MenuLine />
        <MenuItem
          icon={Trash2}
          danger
          disabled={isFixed}
          onSelect={() => beginTask({ type: 'delete', relay })}
        >
          Delete…
        </MenuItem>
      </Menu>
    </li>
  )
}

function Task() {
  const task = useRelays((state) => state.task)
  switch (task?.type) {
    case 'add':
      return <RelayDialog relay={null} />
    case 'edit':
      return <RelayDialog relay={task.relay} />
    case 'test':
      return <TestDialog relay={task.relay} />
    case 'delete':
      return (
        <Confirm
          open
          onClose={endTask}
          title={`Delete the relay “${task.relay.name}”?`}
          action="Delete relay"
          onConfirm={async () => {
            await deleteRelay(task.relay)
            toast('Relay deleted')
          }}
        >
          <p>Mail that waits for it goes to the next relay, or waits until there is one.</p>
        </Confirm>
      )
    case undefined:
      return null
  }
}
