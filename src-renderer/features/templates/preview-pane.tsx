import { CircleAlert, ImageOff, Monitor, Smartphone, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Preview } from '../../../src-main/contract/templates.ts'
import { formatBytes } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { templatesLabels } from './labels.ts'
import { PreviewFrame } from './preview-frame.tsx'
import { allowRemote, startPreview, usePreview } from './preview-store.ts'
import { SamplePicker } from './sample-picker.tsx'

const widths = { phone: '390px', desktop: '100%' } as const
/** Gmail clips longer messages. */
const maxUnclippedBytes = 102 * 1024

export function PreviewPane() {
  const { preview, problem } = usePreview()
  const [form, setForm] = useState<'html' | 'text'>('html')
  const [width, setWidth] = useState<keyof typeof widths>('desktop')
  useEffect(startPreview, [])
  return (
    <section
      aria-label={templatesLabels.preview.label}
      className="flex h-full min-w-0 flex-col bg-sunken"
    >
      <div className="flex h-10 shrink-0 items-center gap-2 border-line border-b bg-canvas px-4">
        <SamplePicker />
        <span
          role="status"
          className="flex min-w-0 flex-1 items-center gap-1.5 text-danger-ink text-sm"
        >
          {problem && (
            <>
              <Icon of={CircleAlert} size={14} className="shrink-0" />
              <span className="truncate">
                {preview ? templatesLabels.preview.lastValid : templatesLabels.preview.none}
              </span>
            </>
          )}
        </span>
        {form === 'html' && (
          <Segmented
            label={templatesLabels.preview.width}
            value={width}
            onChange={setWidth}
            options={[
              {
                value: 'phone',
                label: <Icon of={Smartphone} size={14} />,
                hint: templatesLabels.preview.phone,
              },
              {
                value: 'desktop',
                label: <Icon of={Monitor} size={14} />,
                hint: templatesLabels.preview.desktop,
              },
            ]}
          />
        )}
        <Segmented
          label={templatesLabels.preview.label}
          value={form}
          onChange={setForm}
          options={[
            { value: 'html', label: templatesLabels.html },
            { value: 'text', label: templatesLabels.text },
          ]}
        />
      </div>
      {preview === null ? (
        <PreviewSkeleton />
      ) : (
        <>
          <Subject preview={preview} />
          <Notices preview={preview} />
          <Body preview={preview} form={form} width={widths[width]} />
        </>
      )}
    </section>
  )
}

function PreviewSkeleton() {
  return (
    <div className="space-y-3 p-6">
      <Skeleton className="h-3 w-2/5" />
      <Skeleton className="h-64 w-full" />
    </div>
  )
}

function Subject({ preview }: { preview: Preview }) {
  return (
    <p className="flex h-10 shrink-0 items-center border-line border-b bg-canvas px-4">
      <span className="w-14 shrink-0 text-ink-muted">{templatesLabels.subject}</span>
      <output
        aria-label={templatesLabels.preview.renderedSubject}
        dir="auto"
        title={preview.subject}
        className="min-w-0 flex-1 truncate font-semibold"
      >
        {preview.subject || templatesLabels.noSubject}
      </output>
    </p>
  )
}

function Notices({ preview }: { preview: Preview }) {
  const isRemoteAllowed = usePreview((state) => state.isRemoteAllowed)
  const missing = preview.missing_variables
  const size = new Blob([preview.html ?? '']).size
  const isBlocked = preview.view?.remote_content === true && !isRemoteAllowed
  return (
    <>
      {missing.length > 0 && (
        <p className="flex items-start gap-2 border-line border-b bg-warn-soft px-4 py-2 text-warn-ink">
          <Icon of={TriangleAlert} className="mt-0.5 shrink-0" />
          <span className="min-w-0 flex-1 break-words">
            {templatesLabels.preview.missing}{' '}
            <span className="font-mono text-sm">{missing.join(', ')}</span>.{' '}
            {templatesLabels.preview.missingHint}
          </span>
        </p>
      )}
      {size > maxUnclippedBytes && (
        <p className="flex items-center gap-2 border-line border-b bg-warn-soft px-4 py-2 text-warn-ink">
          <Icon of={TriangleAlert} className="shrink-0" />
          {templatesLabels.preview.clipped(formatBytes(size))}
        </p>
      )}
      {isBlocked && (
        <p className="flex h-9 shrink-0 items-center gap-2 border-line border-b bg-canvas px-4 text-ink-muted">
          <Icon of={ImageOff} className="shrink-0 text-warn-ink" />
          <span className="truncate">{templatesLabels.preview.remoteBlocked}</span>
          <button
            type="button"
            onClick={allowRemote}
            className="h-6 rounded-md px-2 font-medium text-sage-ink hover:bg-sage-soft"
          >
            {templatesLabels.preview.load}
          </button>
        </p>
      )}
    </>
  )
}

type BodyProps = { preview: Preview; form: 'html' | 'text'; width: string }

function Body({ preview, form, width }: BodyProps) {
  return (
    <div className="min-h-0 flex-1 overflow-x-auto p-3">
      {form === 'text' && (
        <section
          aria-label={templatesLabels.preview.textPreview}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
          className="h-full overflow-y-auto whitespace-pre-wrap break-words rounded-lg border border-line bg-canvas px-5 py-4 font-mono text-sm leading-5"
        >
          {preview.text}
        </section>
      )}
      {/* Stays mounted while the text is shown, because its URL expires after five minutes. */}
      <div
        hidden={form === 'text'}
        className="mx-auto h-full overflow-hidden rounded-lg border border-line bg-paper"
        style={{ width }}
      >
        {preview.view ? (
          <PreviewFrame url={preview.view.url} />
        ) : (
          <div className="h-full bg-canvas">
            <Empty icon={ImageOff} title={templatesLabels.preview.noHtml}>
              {templatesLabels.preview.textOnly}
            </Empty>
          </div>
        )}
      </div>
    </div>
  )
}
