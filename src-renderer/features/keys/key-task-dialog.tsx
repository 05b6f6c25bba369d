import { CreateKeyDialog } from './create-key-dialog.tsx'
import { EditKeyDialog } from './edit-key-dialog.tsx'
import { useKeyTask } from './keys-store.ts'
import { RevealDialog } from './reveal-dialog.tsx'
import { RevokeKeyDialog } from './revoke-key-dialog.tsx'
import { RotateKeyDialog } from './rotate-key-dialog.tsx'

export function KeyTaskDialog() {
  const task = useKeyTask()
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
