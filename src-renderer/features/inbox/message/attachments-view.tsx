import {
  Download,
  File,
  FileArchive,
  FileCode,
  FileImage,
  FileSpreadsheet,
  FileText,
  type LucideIcon,
  Mail,
  Paperclip,
} from 'lucide-react'
import type { Attachment, InboxMessageDetail } from '../../../../src-main/contract/messages.ts'
import { requestContent } from '../../../request.ts'
import { saveFile } from '../../../save-file.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { formatBytes } from '../../../ui/format.ts'
import { Icon } from '../../../ui/icon.tsx'
import { Empty } from '../../../ui/notice.tsx'
import { toastFailure } from '../../../ui/toasts.tsx'

const icons: readonly (readonly [RegExp, LucideIcon])[] = [
  [/^image\//, FileImage],
  [/^message\//, Mail],
  [/csv|spreadsheet|excel/, FileSpreadsheet],
  [/zip|tar|compressed|archive/, FileArchive],
  [/json|xml|javascript|html|calendar/, FileCode],
  [/^text\/|pdf|word|document/, FileText],
]

export function AttachmentsView({
  message: { id, attachment_list },
}: {
  message: InboxMessageDetail
}) {
  if (attachment_list.length === 0) return <Empty icon={Paperclip} title="No attachments" />
  return (
    <ul aria-label="Attachments" className="h-full overflow-y-auto px-5 py-2">
      {attachment_list.map((attachment) => (
        <Row key={attachment.index} messageId={id} attachment={attachment} />
      ))}
    </ul>
  )
}

function Row({ messageId, attachment }: { messageId: string; attachment: Attachment }) {
  const { index, content_type, inline, size_bytes } = attachment
  const icon = icons.find(([pattern]) => pattern.test(content_type))?.[1] ?? File
  const name = attachment.filename ?? `part-${index + 1}`

  async function download() {
    const params = { id: messageId, n: index }
    const response = await requestContent('GET /v1/inbox/{id}/attachments/{n}', { params })
    await saveFile(name, await response.blob())
  }

  return (
    <li className="flex h-14 items-center gap-3 border-line border-b last:border-b-0">
      <span className="flex size-8 shrink-0 items-center justify-center rounded-md border border-line bg-sunken text-ink-muted">
        <Icon of={icon} size={16} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <bdi className="truncate font-medium">{name}</bdi>
          {inline && <Badge>Inline</Badge>}
        </p>
        <p className="figures truncate text-ink-faint text-sm">
          {content_type} · {formatBytes(size_bytes)}
        </p>
      </div>
      <Button icon={Download} onClick={() => download().catch(toastFailure)}>
        <span className="sr-only">Download {name}</span>
        <span aria-hidden>Download</span>
      </Button>
    </li>
  )
}
