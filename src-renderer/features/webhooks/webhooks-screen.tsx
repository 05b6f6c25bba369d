import { useRoute } from '../../app/router.ts'
import { DeleteWebhookDialog, RenewSecretDialog } from './delete-webhook-dialog.tsx'
import { SecretDialog } from './secret-dialog.tsx'
import { VerifyDialog } from './verify-dialog.tsx'
import { WebhookDetail } from './webhook-detail.tsx'
import { WebhookDialog } from './webhook-dialog.tsx'
import { WebhookList } from './webhook-list.tsx'
import { useWebhookTask } from './webhooks-store.ts'

/** `#/webhooks/<id>`, and `#/webhooks/<id>:<delivery>` with one delivery open. */
export function WebhooksScreen() {
  const path = useRoute((now) => (now.screen === 'webhooks' ? now.id : null))
  const [id, delivery = null] = path?.split(':') ?? []
  return (
    <>
      {id ? <WebhookDetail key={id} id={id} deliveryId={delivery} /> : <WebhookList />}
      <Task />
    </>
  )
}

function Task() {
  const task = useWebhookTask()
  switch (task?.type) {
    case 'create':
      return <WebhookDialog webhook={null} />
    case 'edit':
      return <WebhookDialog webhook={task.webhook} />
    case 'delete':
      return <DeleteWebhookDialog webhook={task.webhook} />
    case 'renew':
      return <RenewSecretDialog webhook={task.webhook} />
    case 'secret':
      return <SecretDialog webhook={task.webhook} secret={task.secret} />
    case 'verify':
      return <VerifyDialog body={task.body} secret={task.secret} />
    case undefined:
      return null
  }
}
