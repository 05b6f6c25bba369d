import { Download, Eye, EyeOff, Paperclip } from 'lucide-react'
import { useState } from 'react'
import type { Attachment } from '../../src-main/contract/messages.ts'
import { saveFile } from '../app/save-file.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { formatBytes } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { Empty } from '../ui/notice.tsx'
import { toastFailure } from '../ui/toasts.tsx'
import { AttachedMessageView, type ReadAttached } from './attached-message-view.tsx'
import { messageLabels } from './labels.ts'
import { partIcon } from './part-icon.ts'
import { PartPreview, previewKindOf } from './part-preview.tsx'

type AttachmentsViewProps = {
  attachments: readonly Attachment[]
  load: (index: number, signal?: AbortSignal) => Promise<Response>
  /** Opens an attached message in place; without it, its source is shown. */
  readMessage?: ReadAttached
}

export function AttachmentsView({ attachments: all, load, readMessage }: AttachmentsViewProps) {
  if (all.length === 0) return <Empty icon={Paperclip} title={messageLabels.noAttachments} />
  const total = all.reduce((sum, { size_bytes }) => sum + size_bytes, 0)
  return (
    <div className="flex h-full flex-col">
      <p className="figures flex h-10 shrink-0 items-center border-line border-b px-5 text-ink-faint">
        {messageLabels.attachmentCount(all.length, formatBytes(total))}
      </p>
      <ul
        aria-label={messageLabels.attachments}
        className="min-h-0 flex-1 overflow-y-auto px-5 pb-4"
      >
        {all.map((attachment) => (
          <Row
            key={attachment.index}
            attachment={attachment}
            load={(signal) => load(attachment.index, signal)}
            {...(readMessage ? { readMessage } : {})}
          />
        ))}
      </ul>
    </div>
  )
}

type RowProps = {
  attachment: Attachment
  load: (signal?: AbortSignal) => Promise<Response>
  readMessage?: ReadAttached
}

function Row({ attachment, load, readMessage }: RowProps) {
  const { index, content_type, inline, size_bytes } = attachment
  const [isOpen, setOpen] = useState(false)
  const kind = previewKindOf(content_type, size_bytes)
  const isMessage = /^message\/(?:rfc822|global)$/.test(content_type)
  const name = attachment.filename ?? (isMessage ? `message-${index + 1}.eml` : `part-${index + 1}`)
  const opened = isMessage ? readMessage : undefined

  async function download() {
    await saveFile(name, await (await load()).blob())
  }

  return (
    <li className="@container border-line border-b last:border-b-0">
      <div className="flex h-14 items-center gap-3">
        <span className="flex size-8 shrink-0 items-center justify-center rounded-md border border-line bg-sunken text-ink-muted">
          <Icon of={partIcon(content_type)} size={16} />
        </span>
        <div className="min-w-0 flex-1">
          <p className="flex items-center gap-2">
            <bdi className="truncate font-medium" title={name}>
              {name}
            </bdi>
            {inline && <Badge>{messageLabels.inline}</Badge>}
          </p>
          <p className="figures truncate text-ink-faint text-sm" title={content_type}>
            {formatBytes(size_bytes)} · {content_type}
          </p>
        </div>
        {kind && (
          <Button
            look="ghost"
            icon={isOpen ? EyeOff : Eye}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            <span className="sr-only">
              {opened ? messageLabels.openOf(name) : messageLabels.previewOf(name)}
            </span>
            <span aria-hidden className="@max-md:hidden">
              {opened ? messageLabels.open : messageLabels.preview}
            </span>
          </Button>
        )}
        <Button icon={Download} onClick={() => download().catch(toastFailure)}>
          <span className="sr-only">{messageLabels.downloadOf(name)}</span>
          <span aria-hidden className="@max-md:hidden">
            {messageLabels.download}
          </span>
        </Button>
      </div>
      {kind && isOpen && (
        <div className="pb-4 pl-11">
          {opened ? (
            <AttachedMessageView read={(signal) => opened(index, signal)} />
          ) : (
            <PartPreview kind={kind} name={name} sizeBytes={size_bytes} load={load} />
          )}
        </div>
      )}
    </li>
  )
}
