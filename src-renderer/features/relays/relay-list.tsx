import { useState } from 'react'
import type { Relay } from '../../../src-main/contract/relays.ts'
import { Card } from '../../ui/page.tsx'
import { RelayRow } from './relay-row.tsx'
import { moveRelay } from './relays-store.ts'

/** Relays as a table; in the order they are tried they can be moved. */
export function RelayList({ relays, label, isOrdered }: RelayListProps) {
  const [dragged, setDragged] = useState<string | null>(null)
  const [over, setOver] = useState<string | null>(null)
  const rest = () => {
    setDragged(null)
    setOver(null)
  }
  return (
    <Card>
      <table aria-label={label} className="w-full table-fixed text-left">
        <thead>
          <tr className="h-9 bg-sunken text-ink-faint text-sm [&>th]:font-medium">
            <th className="w-12">
              <span className="sr-only">Order</span>
            </th>
            <th className="pr-3 pl-4">Relay</th>
            <th className="w-24 px-3">Encryption</th>
            <th className="w-[22%] px-3">Health</th>
            <th className="w-28 px-3">Sent today</th>
            <th className="w-24 px-3">Last used</th>
            <th className="w-11">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {relays.map((relay, at) => (
            <RelayRow
              key={relay.id}
              relay={relay}
              place={isOrdered ? { at, of: relays.length } : null}
              isOver={over === relay.id && dragged !== null && dragged !== relay.id}
              drag={{
                onDragStart: () => setDragged(relay.id),
                onDragOver: () => setOver(relay.id),
                onDrop: () => {
                  const from = relays.findIndex(({ id }) => id === dragged)
                  if (dragged !== null && from >= 0) void moveRelay(dragged, at - from)
                  rest()
                },
                onDragEnd: rest,
              }}
            />
          ))}
        </tbody>
      </table>
    </Card>
  )
}

type RelayListProps = { relays: readonly Relay[]; label: string; isOrdered: boolean }
