import { KeyRound, Plus } from 'lucide-react'
import type { Key } from '../../../src-main/contract/keys.ts'
import { useRoute } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { useNow } from '../../ui/use-now.ts'
import { KeyDrawer } from './key-drawer.tsx'
import { filterKeys } from './key-filter.ts'
import { showAll, useKeyList } from './key-list-store.ts'
import { KeyCards, KeyTable } from './key-table.tsx'
import { KeyTaskDialog } from './key-task-dialog.tsx'
import { beginTask, loadKeys, useKeys } from './keys-store.ts'
import { KeysToolbar } from './keys-toolbar.tsx'
import { keysLabels } from './labels.ts'
import { useFreshFigures } from './use-fresh-figures.ts'
import { useKeyNavigation } from './use-key-navigation.ts'

const minuteMs = 60_000

export function KeysScreen() {
  const keys = useKeys((state) => state.keys)
  const id = useRoute((route) => route.id)
  const create = () => beginTask({ type: 'create' })
  const known = keys.status === 'ready' ? keys.value : []
  useFreshFigures()
  return (
    <div className="relative flex h-full">
      <div className="h-full min-w-0 flex-1">
        <Page
          title={keysLabels.screen.title}
          width="wide"
          actions={
            <Tooltip label={keysLabels.screen.create} shortcut="c">
              <Button look="primary" icon={Plus} onClick={create}>
                {keysLabels.screen.create}
              </Button>
            </Tooltip>
          }
        >
          <p className="mb-4 text-ink-muted">{keysLabels.screen.intro}</p>
          {keys.status === 'failed' && <Failure failure={keys.failure} onRetry={loadKeys} />}
          {keys.status === 'loading' && (
            <Card>
              <SkeletonRows count={5} height={52} />
            </Card>
          )}
          {keys.status === 'ready' && <KeyList keys={known} />}
        </Page>
      </div>
      {id !== null && keys.status === 'ready' && (
        <KeyDrawer key={id} id={id} apiKey={known.find((key) => key.id === id) ?? null} />
      )}
      <KeyTaskDialog />
    </div>
  )
}

function KeyList({ keys }: { keys: readonly Key[] }) {
  const list = useKeyList()
  const now = useNow(minuteMs)
  const shown = filterKeys(keys, list, now)
  const currentId = useKeyNavigation(shown)
  if (keys.length === 0) {
    return (
      <Card>
        <Empty icon={KeyRound} title={keysLabels.screen.empty}>
          <p>{keysLabels.screen.emptyHint}</p>
          <Button
            look="primary"
            icon={Plus}
            className="mt-3"
            onClick={() => beginTask({ type: 'create' })}
          >
            {keysLabels.screen.createFirst}
          </Button>
        </Empty>
      </Card>
    )
  }
  return (
    <>
      <KeysToolbar shown={shown.length} total={keys.length} />
      {shown.length === 0 && (
        <Card>
          <Empty icon={KeyRound} title={keysLabels.screen.noMatch}>
            <Button className="mt-2" onClick={showAll}>
              {keysLabels.screen.showAll}
            </Button>
          </Empty>
        </Card>
      )}
      {shown.length > 0 &&
        (list.layout === 'table' ? (
          <KeyTable keys={shown} currentId={currentId} />
        ) : (
          <KeyCards keys={shown} currentId={currentId} />
        ))}
    </>
  )
}
