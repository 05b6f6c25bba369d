import { Plus, Server } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import type { Relay } from '../../../src-main/contract/relays.ts'
import { useCommands } from '../../app/commands.ts'
import { go, useRoute } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Card, Page, Section } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { DeleteRelayDialog } from './delete-relay-dialog.tsx'
import { EnvironmentDialog } from './environment-dialog.tsx'
import { failoverSentences } from './failover.ts'
import { relaysLabels } from './labels.ts'
import { RelayDialog } from './relay-dialog.tsx'
import { RelayList } from './relay-list.tsx'
import { RelayTroubles } from './relay-troubles.tsx'
import { beginTask, loadRelays, useRelays, useRelayTask } from './relays-store.ts'
import { TestDialog } from './test-dialog.tsx'

const add = () => beginTask({ type: 'add' })
const noRelays: readonly Relay[] = []

export function RelaysScreen() {
  const load = useRelays((state) => state.relays)
  const relays = load.status === 'ready' ? load.value : noRelays
  useEffect(() => {
    void loadRelays()
  }, [])
  useHotkeys({ c: add, j: () => step(1), k: () => step(-1) })
  useRelayCommands(relays)
  return (
    <Page
      title={relaysLabels.screen.title}
      width="wide"
      actions={
        <Tooltip label={relaysLabels.addRelay} shortcut="c">
          <Button look="primary" icon={Plus} onClick={add}>
            {relaysLabels.addRelay}
          </Button>
        </Tooltip>
      }
    >
      {load.status === 'loading' && (
        <Card>
          <SkeletonRows count={3} height={56} />
        </Card>
      )}
      {load.status === 'failed' && <Failure failure={load.failure} onRetry={loadRelays} />}
      {load.status === 'ready' && <Body relays={relays} />}
      <OpenDialog relays={relays} />
    </Page>
  )
}

function Body({ relays }: { relays: readonly Relay[] }) {
  const own = relays.filter(({ tenant_id }) => tenant_id === null)
  const others = relays.filter(({ tenant_id }) => tenant_id !== null)
  return (
    <div className="space-y-8">
      <RelayTroubles relays={relays} />
      {own.length === 0 ? (
        <Card>
          <Empty icon={Server} title={relaysLabels.screen.empty}>
            <p>{relaysLabels.screen.emptyHint}</p>
            <Button look="primary" icon={Plus} onClick={add} className="mt-4">
              {relaysLabels.screen.addFirst}
            </Button>
          </Empty>
        </Card>
      ) : (
        <div className="space-y-4">
          <section aria-label={relaysLabels.screen.deliveryOrder} className="text-ink-muted">
            <span className="font-medium text-ink">{relaysLabels.screen.deliveryOrder}: </span>
            {failoverSentences(own).join(' ')}
          </section>
          <RelayList relays={own} label={relaysLabels.screen.title} isOrdered />
        </div>
      )}
      {others.length > 0 && (
        <Section
          title={relaysLabels.screen.tenantRelays}
          description={relaysLabels.screen.tenantRelaysHint}
        >
          <RelayList relays={others} label={relaysLabels.screen.tenantRelays} isOrdered={false} />
        </Section>
      )}
    </div>
  )
}

/** The open dialog: a task, or the relay in the URrelaysLabels. */
function OpenDialog({ relays }: { relays: readonly Relay[] }) {
  const task = useRelayTask()
  const id = useRoute((route) => route.id)
  const named = relays.find((relay) => relay.id === id)
  switch (task?.type) {
    case 'add':
      return <RelayDialog relay={null} />
    case 'test':
      return <TestDialog relay={task.relay} />
    case 'delete':
      return <DeleteRelayDialog relay={task.relay} />
    case undefined:
      if (!named) return null
      return named.source === 'environment' ? (
        <EnvironmentDialog relay={named} />
      ) : (
        <RelayDialog key={named.id} relay={named} />
      )
  }
}

function step(by: number): void {
  const names = [...document.querySelectorAll<HTMLElement>('[data-relay]')]
  const at = names.findIndex((name) => name.matches(':focus'))
  names[Math.min(names.length - 1, Math.max(0, at + by))]?.focus()
}

function useRelayCommands(relays: readonly Relay[]): void {
  const commands = useMemo(
    () => [
      {
        id: 'relays.add',
        label: relaysLabels.addRelay,
        group: relaysLabels.screen.title,
        icon: Plus,
        shortcut: 'c',
        run: add,
      },
      ...relays.flatMap((relay) => [
        {
          id: `relays.test.${relay.id}`,
          label: relaysLabels.commands.test(relay.name),
          group: relaysLabels.screen.title,
          icon: Server,
          keywords: relay.host,
          run: () => beginTask({ type: 'test', relay }),
        },
        {
          id: `relays.open.${relay.id}`,
          label: relaysLabels.commands.open(relay.name),
          group: relaysLabels.screen.title,
          icon: Server,
          keywords: relay.host,
          run: () => go('relays', relay.id),
        },
      ]),
    ],
    [relays],
  )
  useCommands(commands)
}
