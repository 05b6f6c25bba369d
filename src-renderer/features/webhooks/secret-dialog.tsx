import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Webhook } from '../../../src-main/contract/webhooks.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Note } from '../../ui/notice.tsx'
import { webhooksLabels } from './labels.ts'
import { beginTask, endTask, testWebhook } from './webhooks-store.ts'

export function SecretDialog({ webhook, secret }: { webhook: Webhook; secret: string }) {
  const [isStored, setStored] = useState(false)
  return (
    <Dialog open locked onClose={endTask} title={webhooksLabels.secretDialog.title} width="wide">
      <DialogBody>
        <Note tone="warn" icon={TriangleAlert}>
          {webhooksLabels.secretDialog.note}
        </Note>
        <div>
          <p className="mb-1.5 break-all font-mono text-ink-muted text-sm">{webhook.url}</p>
          <div className="flex items-center gap-2">
            <output
              aria-label={webhooksLabels.secret}
              className="min-w-0 flex-1 select-all break-all rounded-md border border-line-strong bg-sunken px-2.5 py-1.5 font-mono text-sm"
            >
              {secret}
            </output>
            <CopyButton text={secret} look="primary" onCopied={() => setStored(true)} />
          </div>
        </div>
        <Button
          onClick={() => beginTask({ type: 'verify', body: '', secret })}
          disabled={!isStored}
        >
          How to verify a signature
        </Button>
      </DialogBody>
      <DialogFooter>
        <div className="flex-1">
          <Checkbox id="secret-is-stored" checked={isStored} onChange={setStored}>
            {webhooksLabels.saved}
          </Checkbox>
        </div>
        <Button
          disabled={!isStored}
          onClick={() => {
            endTask()
            void testWebhook(webhook)
          }}
        >
          {webhooksLabels.sendTest}
        </Button>
        <Button look="primary" disabled={!isStored} onClick={endTask}>
          {webhooksLabels.done}
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
