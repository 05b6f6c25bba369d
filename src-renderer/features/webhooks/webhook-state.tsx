import type { Webhook } from '../../../src-main/contract/webhooks.ts'
import { Badge } from '../../ui/badge.tsx'
import { formatExact } from '../../ui/format.ts'
import { Tooltip } from '../../ui/tooltip.tsx'

const maxFailures = 20

export function WebhookState({ webhook }: { webhook: Webhook }) {
  const { active, failures, disabled_at: disabledAt, problem } = webhook
  if (problem !== null) {
    return (
      <Tooltip label={problem}>
        <span>
          <Badge tone="danger">Secret unreadable</Badge>
        </span>
      </Tooltip>
    )
  }
  if (disabledAt !== null) {
    return (
      <Tooltip
        label={`${maxFailures} failures in a row switched it off, ${formatExact(disabledAt)}`}
      >
        <span>
          <Badge tone="danger">Disabled</Badge>
        </span>
      </Tooltip>
    )
  }
  if (!active) return <Badge>Off</Badge>
  if (failures === 0) return <Badge tone="sage">Active</Badge>
  return (
    <Tooltip label={`Switched off by itself at ${maxFailures} failures in a row`}>
      <span>
        <Badge tone="warn">Failing, {failures} in a row</Badge>
      </span>
    </Tooltip>
  )
}
