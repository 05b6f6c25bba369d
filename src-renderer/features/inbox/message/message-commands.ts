import { Camera, Copy, Download, Link2, MailOpen, Send, Trash2 } from 'lucide-react'
import { useMemo } from 'react'
import type { InboxMessageDetail } from '../../../../src-main/contract/messages.ts'
import { type Command, useCommands } from '../../../app/commands.ts'
import { downloadSource } from '../../../message/download-source.ts'
import { tabNames } from '../../../message/labels.ts'
import { tabIcons } from '../../../message/tab-icons.ts'
import { type Hotkeys, useHotkeys } from '../../../ui/hotkeys.ts'
import { toastFailure } from '../../../ui/toasts.tsx'
import { markMessage } from '../inbox-changes.ts'
import { useInbox } from '../inbox-store.ts'
import { openMessageLabels } from '../labels.ts'
import { tabs } from '../message-parts.ts'
import { showTab } from '../message-tabs.ts'
import { copyCode, openLink, useExtracted } from './extracted.ts'
import { copyActions } from './message-copies.ts'
import { openRelease } from './release-store.ts'
import { saveScreenshot } from './screenshot.ts'

const { commands: labels } = openMessageLabels

const tabKeys: Hotkeys = Object.fromEntries(
  tabs.map((tab, index) => [String(index + 1), () => showTab(tab)]),
)

/** Shortcuts and palette commands of the open message. */
export function useMessageActions(
  message: InboxMessageDetail,
  onDelete: (id: string) => void,
): void {
  const { codes, link } = useExtracted()
  const [code] = codes
  useHotkeys({
    ...tabKeys,
    r: () => openRelease(message),
    ...(code ? { c: () => void copyCode(code) } : {}),
    ...(link ? { l: () => openLink(link.url) } : {}),
  })
  const commands = useMemo<readonly Command[]>(() => {
    const { id } = message
    const command = (name: string, rest: Omit<Command, 'id' | 'group'>): Command => ({
      id: `message-${name}`,
      group: labels.group,
      ...rest,
    })
    return [
      ...(code
        ? [
            command('code', {
              label: labels.copyCode(code),
              icon: Copy,
              shortcut: 'c',
              keywords: 'one-time otp',
              run: () => void copyCode(code),
            }),
          ]
        : []),
      ...(link
        ? [
            command('link', {
              label: labels.openLink((link.text ?? link.url).slice(0, 60)),
              icon: Link2,
              shortcut: 'l',
              run: () => openLink(link.url),
            }),
          ]
        : []),
      command('release', {
        label: labels.release,
        icon: Send,
        shortcut: 'r',
        keywords: 'send relay forward live',
        run: () => openRelease(message),
      }),
      command('unread', {
        label: labels.toggleRead,
        icon: MailOpen,
        shortcut: 'u',
        run: () => {
          const row = useInbox.getState().rows.find((one) => one.id === id)
          void markMessage(id, !(row?.read ?? true))
        },
      }),
      command('download', {
        label: labels.download,
        icon: Download,
        keywords: 'raw source save',
        run: () => void downloadSource('inbox', id).catch(toastFailure),
      }),
      ...(message.has_html
        ? [
            command('screenshot', {
              label: labels.saveScreenshot,
              icon: Camera,
              keywords: 'png image picture',
              run: () => void saveScreenshot(message).catch(toastFailure),
            }),
          ]
        : []),
      command('delete', {
        label: labels.delete,
        icon: Trash2,
        shortcut: 'Delete',
        run: () => onDelete(id),
      }),
      ...copyActions(message).map(({ label, icon, run }) =>
        command(label, { label, icon, run: () => void run().catch(toastFailure) }),
      ),
      ...tabs.map((tab, index) =>
        command(`tab-${tab}`, {
          label: labels.showTab(tabNames[tab]),
          icon: tabIcons[tab],
          shortcut: String(index + 1),
          run: () => showTab(tab),
        }),
      ),
    ]
  }, [message, code, link, onDelete])
  useCommands(commands)
}
