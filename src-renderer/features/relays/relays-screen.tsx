import { Plus } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { RelayList } from './relay-list.tsx'
import { beginTask } from './relays-store.ts'

export function RelaysScreen() {
  return (
    <Page
      title="Relays"
      width="wide"
      actions={
        <Button look="primary" icon={Plus} onClick={() => beginTask({ type: 'add' })}>
          Add relay
        </Button>
      }
    >
      <p className="mb-4 text-ink-muted">
        The SMTP servers that live keys send through, in the order they are tried.
      </p>
      <RelayList />
    </Page>
  )
}
