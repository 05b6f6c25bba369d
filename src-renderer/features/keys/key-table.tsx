import type { Key } from '../../../src-main/contract/keys.ts'
import { useRoute } from '../../app/router.ts'
import { Card } from '../../ui/page.tsx'
import { KeyCard } from './key-card.tsx'
import { KeyRow } from './key-row.tsx'
import { useKeys } from './keys-store.ts'
import { keysLabels } from './labels.ts'

type KeyListProps = { keys: readonly Key[]; currentId: string | null }

export function KeyTable({ keys, currentId }: KeyListProps) {
  const openId = useRoute((route) => route.id)
  const { uses, limits } = useKeys()
  return (
    <Card>
      <table className="w-full table-fixed text-left">
        <thead>
          <tr className="h-9 bg-sunken text-ink-faint text-sm [&>th]:font-medium">
            <th className="w-[22%] pr-3 pl-4">{keysLabels.name}</th>
            <th className="w-[78px] px-3">{keysLabels.type}</th>
            <th className="px-3">{keysLabels.permissions}</th>
            <th className="w-[18%] px-3">{keysLabels.table.use}</th>
            <th className="w-[100px] px-3">{keysLabels.lastUsed}</th>
            <th className="w-[122px] px-3">{keysLabels.expires}</th>
            <th className="hidden w-[104px] px-3 2xl:table-cell">{keysLabels.created}</th>
            <th className="w-11">
              <span className="sr-only">{keysLabels.table.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <KeyRow
              key={key.id}
              apiKey={key}
              limits={limits.get(key.id)}
              use={uses ? (uses.get(key.id) ?? { requests: 0, emails: 0 }) : null}
              isOpen={key.id === openId}
              isCurrent={key.id === currentId}
            />
          ))}
        </tbody>
      </table>
    </Card>
  )
}

export function KeyCards({ keys, currentId }: KeyListProps) {
  const openId = useRoute((route) => route.id)
  const { uses, limits } = useKeys()
  return (
    <ul
      aria-label={keysLabels.table.label}
      className="grid grid-cols-[repeat(auto-fill,minmax(300px,1fr))] gap-3"
    >
      {keys.map((key) => (
        <KeyCard
          key={key.id}
          apiKey={key}
          limits={limits.get(key.id)}
          use={uses ? (uses.get(key.id) ?? { requests: 0, emails: 0 }) : null}
          isOpen={key.id === openId}
          isCurrent={key.id === currentId}
        />
      ))}
    </ul>
  )
}
