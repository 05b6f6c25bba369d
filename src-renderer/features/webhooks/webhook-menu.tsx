import { Ellipsis, FlaskConical, KeyRound, Pencil, Trash2 } from 'lucide-react'
import type { Webhook } from '../../../src-main/contract/webhooks.ts'
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx'
import { webhooksLabels } from './labels.ts'
import { beginTask, testWebhook } from './webhooks-store.ts'

export function WebhookMenu({ webhook }: { webhook: Webhook }) {
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={webhooksLabels.menu.label(webhook.url)}
          className="relative z-10 inline-flex size-7 items-center justify-center rounded-md text-ink-muted hover:bg-line hover:text-ink data-[state=open]:bg-line"
        >
          <Ellipsis aria-hidden size={15} strokeWidth={1.75} />
        </button>
      }
    >
      <MenuItem icon={FlaskConical} onSelect={() => void testWebhook(webhook)}>
        {webhooksLabels.sendTest}
      </MenuItem>
      <MenuItem icon={Pencil} onSelect={() => beginTask({ type: 'edit', webhook })}>
        {webhooksLabels.menu.edit}
      </MenuItem>
      <MenuItem icon={KeyRound} onSelect={() => beginTask({ type: 'renew', webhook })}>
        {webhooksLabels.menu.newSecret}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={Trash2} danger onSelect={() => beginTask({ type: 'delete', webhook })}>
        {webhooksLabels.menu.delete}
      </MenuItem>
    </Menu>
  )
}
