import { Download } from 'lucide-react'
import { useState } from 'react'
import type { MessagePart } from '../../../../src-main/contract/message-parts.ts'
import { requestContent } from '../../../app/request.ts'
import { saveFile } from '../../../app/save-file.ts'
import { partIcon } from '../../../message/part-icon.ts'
import { PartPreview, previewKindOf } from '../../../message/part-preview.tsx'
import { IconButton } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { formatBytes } from '../../../ui/format.ts'
import { Icon } from '../../../ui/icon.tsx'
import { Failure } from '../../../ui/notice.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { toastFailure } from '../../../ui/toasts.tsx'
import { openMessageLabels } from '../labels.ts'
import { useMessage } from '../message-store.ts'
import { loadTab } from '../message-tabs.ts'

export function StructureView({ id }: { id: string }) {
  const structure = useMessage((state) => state.structure)
  const [open, setOpen] = useState<string | null>(null)
  if (structure.status === 'failed')
    return <Failure failure={structure.failure} onRetry={loadTab} />
  if (structure.status !== 'ready') return <SkeletonRows count={4} height={40} />
  const parts = structure.value
  return (
    <div className="flex h-full flex-col">
      <p className="figures flex h-10 shrink-0 items-center border-line border-b px-5 text-ink-faint">
        {openMessageLabels.partCount(parts.length)}
      </p>
      <ul
        aria-label={openMessageLabels.mimeParts}
        className="min-h-0 flex-1 overflow-y-auto px-3 py-2"
      >
        {parts.map((part) => (
          <Row
            key={part.path}
            messageId={id}
            part={part}
            isOpen={open === part.path}
            onToggle={() => setOpen(open === part.path ? null : part.path)}
          />
        ))}
      </ul>
    </div>
  )
}

type RowProps = { messageId: string; part: MessagePart; isOpen: boolean; onToggle: () => void }

function Row({ messageId, part, isOpen, onToggle }: RowProps) {
  const { path, content_type: contentType, size_bytes: sizeBytes } = part
  const depth = path.split('.').length - 1
  const isMultipart = contentType.startsWith('multipart/')
  const kind = isMultipart ? null : previewKindOf(contentType, sizeBytes)
  const name = part.filename ?? `part-${path}`
  const load = (signal?: AbortSignal) =>
    requestContent('GET /v1/inbox/{id}/parts/{path}', {
      params: { id: messageId, path },
      ...(signal ? { signal } : {}),
    })

  async function download() {
    await saveFile(name, await (await load()).blob())
  }

  return (
    <li>
      <div
        className={classes(
          'group flex h-10 items-center gap-2 rounded-md pr-1',
          isOpen ? 'bg-selected' : 'hover:bg-hover',
        )}
        style={{ paddingLeft: 8 + Math.min(depth, 12) * 20 }}
      >
        <button
          type="button"
          disabled={isMultipart}
          aria-expanded={kind ? isOpen : undefined}
          aria-label={labelOf(path, contentType, isMultipart, kind !== null)}
          onClick={() => (kind ? onToggle() : download().catch(toastFailure))}
          className="flex h-full min-w-0 flex-1 items-center gap-2 rounded-md text-left"
        >
          <Icon of={partIcon(contentType)} size={16} className="shrink-0 text-ink-muted" />
          <span className="min-w-0 truncate">
            <span className="font-mono text-sm">{contentType}</span>
            {part.filename && <bdi className="ml-2 font-medium">{part.filename}</bdi>}
          </span>
          <span className="min-w-0 flex-1 truncate text-ink-faint text-sm" title={detailsOf(part)}>
            {detailsOf(part)}
          </span>
          {!isMultipart && (
            <span className="figures shrink-0 text-ink-muted text-sm">
              {formatBytes(sizeBytes)}
            </span>
          )}
          <span className="figures w-14 shrink-0 truncate text-right font-mono text-ink-faint text-xs">
            {path}
          </span>
        </button>
        <IconButton
          icon={Download}
          label={openMessageLabels.downloadPart(path)}
          onClick={() => download().catch(toastFailure)}
        />
      </div>
      {kind && isOpen && (
        <div className="py-2 pr-2" style={{ paddingLeft: 32 + Math.min(depth, 12) * 20 }}>
          <PartPreview kind={kind} name={name} sizeBytes={sizeBytes} load={load} />
        </div>
      )}
    </li>
  )
}

function labelOf(path: string, type: string, isMultipart: boolean, hasPreview: boolean): string {
  if (isMultipart) return openMessageLabels.part(path, type)
  return hasPreview
    ? openMessageLabels.showPart(path, type)
    : openMessageLabels.downloadPartOf(path, type)
}

function detailsOf({ charset, encoding, disposition, content_id: contentId }: MessagePart): string {
  return [charset, encoding, disposition, contentId && `cid:${contentId}`]
    .filter(Boolean)
    .join(' · ')
}
