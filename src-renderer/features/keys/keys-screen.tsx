import { KeyRound, Plus } from 'lucide-react'
import { useEffect } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import { isUse, listen } from '../../live.ts'
import { Button } from '../../ui/button.tsx'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Tip } from '../../ui/tip.tsx'
import { CreateKeyDialog } from './create-key-dialog.tsx'
import { EditKeyDialog } from './edit-key-dialog.tsx'
import { KeyRow } from './key-row.tsx'
import { beginTask, loadKeyRequests, loadKeys, useKeys } from './keys-store.ts'
import { RevealDialog } from './reveal-dialog.tsx'
import { RevokeKeyDialog } from './revoke-key-dialog.tsx'
import { RotateKeyDialog } from './rotate-key-dialog.tsx'

const refreshMs = 5000

export function KeysScreen() {
  const keys = useKeys((state) => state.keys)
  const create = () => beginTask({ type: 'create' })
  useHotkeys({ c: create })
  useFreshFigures()
  return (
    <Page
      title="API keys"
      width="wide"
      actions={
        <Tip label="Create key" shortcut="c">
          <Button look="primary" icon={Plus} onClick={create}>
            Create key
          </Button>
        </Tip>
      }
    >
      <p className="mb-4 text-ink-muted">
        Your apps sign in with a key, over HTTP and SMTP. A test key captures mail here; a live key
        sends it to real people.
      </p>
      {keys.status === 'failed' && <Failure failure={keys.failure} onRetry={loadKeys} />}
      {keys.status === 'loading' && (
        <Card>
          <SkeletonRows count={4} height={56} />
        </Card>
      )}
      {keys.status === 'ready' && <KeyTable keys={keys.value} />}
      <Task />
    </Page>
  )
}

function KeyTable({ keys }: { keys: readonly Key[] }) {
  const requests = useKeys((state) => state.requests)
  if (keys.length === 0) {
    return (
      <Card>
        <Empty icon={KeyRound} title="No keys yet">
          Create a test key and give it to your app.
        </Empty>
      </Card>
    )
  }
  return (
    <Card>
      <table className="w-full table-fixed text-left">
        <thead>
          <tr className="h-9 bg-sunken text-ink-faint text-sm [&>th]:font-medium">
            <th className="w-[26%] pr-3 pl-4">Name</th>
            <th className="w-20 px-3">Type</th>
            <th className="px-3">Permissions</th>
            <th className="w-[14%] px-3">Last used</th>
            <th className="w-[14%] px-3">Expires</th>
            <th className="w-32 px-3 text-right">Requests, 24 h</th>
            <th className="w-11">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <KeyRow
              key={key.id}
              apiKey={key}
              requests={requests ? (requests.get(key.id) ?? 0) : null}
            />
          ))}
        </tbody>
      </table>
    </Card>
  )
}

function Task() {
  const task = useKeys((state) => state.task)
  switch (task?.type) {
    case 'create':
      return <CreateKeyDialog />
    case 'edit':
      return <EditKeyDialog apiKey={task.key} />
    case 'rotate':
      return <RotateKeyDialog apiKey={task.key} />
    case 'revoke':
      return <RevokeKeyDialog apiKey={task.key} />
    case 'reveal':
      return <RevealDialog created={task.created} graceUntil={task.graceUntil} />
    case undefined:
      return null
  }
}

/** Last use and request counts move with every request; while they are looked at, so do we. */
function useFreshFigures(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null
    const refresh = () => {
      void loadKeys()
      loadKeyRequests().catch(() => undefined)
    }
    refresh()
    const unlisten = listen({
      events: (events) => {
        if (timer !== null || !events.some(isUse)) return
        timer = setTimeout(() => {
          timer = null
          refresh()
        }, refreshMs)
      },
    })
    return () => {
      unlisten()
      if (timer !== null) clearTimeout(timer)
    }
  }, [])
}
