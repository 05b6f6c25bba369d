import { ImageOff, Monitor, Smartphone, Tablet } from 'lucide-react'
import { useState } from 'react'
import type { InboxMessageDetail } from '../../../../src-main/contract/messages.ts'
import { Button } from '../../../ui/button.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Empty, Failure } from '../../../ui/notice.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { loadRemoteContent, loadTab, showTab, useMessage } from '../message-store.ts'

const widths = { phone: 390, tablet: 768, full: null } as const
type Width = keyof typeof widths

export function HtmlView({ message }: { message: InboxMessageDetail }) {
  const { view, isRemoteAllowed } = useMessage()
  const [width, setWidth] = useState<Width>('full')
  if (!message.has_html) {
    return (
      <Empty icon={ImageOff} title="No HTML part">
        <p>This message was sent as text only.</p>
        <Button className="mt-4" onClick={() => showTab('text')}>
          Show text
        </Button>
      </Empty>
    )
  }
  if (view.status === 'failed') return <Failure failure={view.failure} onRetry={loadTab} />
  const isBlocked = view.status === 'ready' && view.value.remote_content && !isRemoteAllowed
  return (
    <div className="flex h-full flex-col bg-sunken">
      <div className="flex h-10 shrink-0 items-center gap-3 border-line border-b bg-canvas px-5">
        {isBlocked ? (
          <>
            <Icon of={ImageOff} className="shrink-0 text-warn-ink" />
            <span className="min-w-0 truncate text-ink-muted">Remote content blocked</span>
            <button
              type="button"
              onClick={loadRemoteContent}
              className="-ml-1 h-6 rounded-md px-2 font-medium text-sage-ink hover:bg-sage-soft"
            >
              Load
            </button>
          </>
        ) : (
          <span className="text-ink-faint">
            {isRemoteAllowed ? 'Remote content loaded' : 'Scripts off'}
          </span>
        )}
        <span className="flex-1" />
        <Segmented
          label="Width"
          value={width}
          onChange={setWidth}
          options={[
            {
              value: 'phone',
              label: <Icon of={Smartphone} size={14} />,
              hint: 'Phone, 390 pixels',
            },
            { value: 'tablet', label: <Icon of={Tablet} size={14} />, hint: 'Tablet, 768 pixels' },
            { value: 'full', label: <Icon of={Monitor} size={14} />, hint: 'Full width' },
          ]}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-x-auto p-3">
        <div
          className="mx-auto h-full overflow-hidden rounded-lg border border-line bg-paper"
          style={{ width: widths[width] ?? '100%' }}
        >
          {view.status === 'ready' && (
            <iframe
              key={view.value.url}
              title="Message as HTML"
              src={view.value.url}
              // Neither scripts nor the window's origin; links leave through new windows only.
              sandbox="allow-popups allow-popups-to-escape-sandbox"
              referrerPolicy="no-referrer"
              className="block h-full w-full border-0 bg-paper [color-scheme:light]"
            />
          )}
        </div>
      </div>
    </div>
  )
}
