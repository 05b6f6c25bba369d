import { useState } from 'react'
import type { Relay } from '../../../src-main/contract/relays.ts'
import { Card } from '../../ui/page.tsx'
import { relaysLabels } from './labels.ts'
import { RelayRow } from './relay-row.tsx'
import { moveRelay } from './relays-store.ts'

/** Relays as a table; ordered relays can be moved. */
export function RelayList({ relays, label, isOrdered }: RelayListProps) {
  const [dragged, setDragged] = useState<string | null>(null)
  const [over, setOver] = useState<string | null>(null)
  const endDrag = () => {
    setDragged(null)
    setOver(null)
  }
  return (
    <Card>
      <table aria-label={label} className="w-full table-fixed text-left">
        <thead>
          <tr className="h-9 bg-sunken text-ink-faint text-sm [&>th]:font-medium">
            <th className="w-12">
              <span className="sr-only">{relaysLabels.table.order}</span>
            </th>
            <th className="pr-3 pl-4">{relaysLabels.table.relay}</th>
            <th className="w-24 px-3">{relaysLabels.encryption}</th>
            <th className="w-[22%] px-3">{relaysLabels.table.health}</th>
            <th className="w-28 px-3">{relaysLabels.table.sentToday}</th>
            <th className="w-24 px-3">{relaysLabels.table.lastUsed}</th>
            <th className="w-11">
              <span className="sr-only">{relaysLabels.table.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {relays.map((relay, at) => (
            <RelayRow
              key={relay.id}
              relay={relay}
              position={isOrdered ? { index: at, total: relays.length } : null}
              isOver={over === relay.id && dragged !== null && dragged !== relay.id}
              drag={{
                onDragStart: () => setDragged(relay.id),
                onDragOver: () => setOver(relay.id),
                onDrop: () => {
                  const from = relays.findIndex(({ id }) => id === dragged)
                  if (dragged !== null && from >= 0) void moveRelay(dragged, at - from)
                  endDrag()
                },
                onDragEnd: endDrag,
              }}
            />
          ))}
        </tbody>
      </table>
    </Card>
  )
}

type RelayListProps = { relays: readonly Relay[]; label: string; isOrdered: boolean }
