import { Camera, Download, Ellipsis, Mail, MailOpen, Send, Trash2, X } from 'lucide-react'
import type { InboxMessageDetail } from '../../../../src-main/contract/messages.ts'
import { go } from '../../../app/router.ts'
import { downloadSource } from '../../../message/download-source.ts'
import { IconButton } from '../../../ui/button.tsx'
import { formatBytes, formatExact, formatMoment } from '../../../ui/format.ts'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { toastFailure } from '../../../ui/toasts.tsx'
import { Tooltip } from '../../../ui/tooltip.tsx'
import { markMessage } from '../inbox-changes.ts'
import { useInbox } from '../inbox-store.ts'
import { inboxLabels, openMessageLabels } from '../labels.ts'
import { copyActions } from './message-copies.ts'
import { openRelease } from './release-store.ts'
import { saveScreenshot } from './screenshot.ts'

type ToolbarProps = {
  id: string
  message: InboxMessageDetail | null
  onDelete: (id: string) => void
}

export function MessageToolbar({ id, message, onDelete }: ToolbarProps) {
  const isRead = useInbox(({ rows }) => rows.find((row) => row.id === id)?.read ?? true)
  return (
    <div className="@container flex h-12 shrink-0 items-center gap-1 border-line border-b px-3">
      <IconButton
        icon={isRead ? Mail : MailOpen}
        label={isRead ? openMessageLabels.markUnread : openMessageLabels.markRead}
        shortcut="u"
        onClick={() => void markMessage(id, !isRead)}
      />
      <IconButton
        icon={Send}
        label={openMessageLabels.release}
        shortcut="r"
        disabled={!message}
        onClick={() => message && openRelease(message)}
      />
      <IconButton
        icon={Download}
        label={openMessageLabels.download}
        onClick={() => downloadSource('inbox', id).catch(toastFailure)}
      />
      <IconButton
        icon={Camera}
        label={openMessageLabels.saveScreenshot}
        disabled={!message?.has_html}
        onClick={() => message && saveScreenshot(message).catch(toastFailure)}
      />
      <IconButton
        icon={Trash2}
        label={inboxLabels.delete}
        shortcut="Delete"
        onClick={() => onDelete(id)}
      />
      {message && (
        <Menu trigger={<IconButton icon={Ellipsis} label={openMessageLabels.copyAs} />}>
          {copyActions(message).map(({ label, icon, run }) => (
            <MenuItem key={label} icon={icon} onSelect={() => run().catch(toastFailure)}>
              {label}
            </MenuItem>
          ))}
        </Menu>
      )}
      <span className="flex-1" />
      {message && (
        <>
          <Tooltip label={formatExact(message.received_at)}>
            <time
              dateTime={message.received_at}
              className="figures min-w-0 truncate text-ink-muted"
            >
              {formatMoment(message.received_at)}
            </time>
          </Tooltip>
          <span className="figures @max-md:hidden shrink-0 px-2 text-ink-faint">
            {formatBytes(message.size_bytes)}
          </span>
        </>
      )}
      <IconButton
        icon={X}
        label={openMessageLabels.close}
        shortcut="Esc"
        onClick={() => go('inbox')}
      />
    </div>
  )
}
