import type { Webhook } from '../../../src-main/contract/webhooks.ts'
import { Badge } from '../../ui/badge.tsx'
import { formatExact } from '../../ui/format.ts'
import { Tooltip } from '../../ui/tooltip.tsx'
import { webhooksLabels } from './labels.ts'

const maxFailures = 20

export function WebhookState({ webhook }: { webhook: Webhook }) {
  const { active, failures, disabled_at: disabledAt, problem } = webhook
  if (problem !== null) {
    return (
      <Tooltip label={problem}>
        <span>
          <Badge tone="danger">{webhooksLabels.state.unreadable}</Badge>
        </span>
      </Tooltip>
    )
  }
  if (disabledAt !== null) {
    return (
      <Tooltip label={webhooksLabels.state.disabledAt(maxFailures, formatExact(disabledAt))}>
        <span>
          <Badge tone="danger">{webhooksLabels.state.disabled}</Badge>
        </span>
      </Tooltip>
    )
  }
  if (!active) return <Badge>{webhooksLabels.state.off}</Badge>
  if (failures === 0) return <Badge tone="sage">{webhooksLabels.state.active}</Badge>
  return (
    <Tooltip label={webhooksLabels.state.willDisable(maxFailures)}>
      <span>
        <Badge tone="warn">{webhooksLabels.state.failing(failures)}</Badge>
      </span>
    </Tooltip>
  )
}
