import { useState } from 'react'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SignatureChecker } from './signature-checker.tsx'
import { type Language, languageNames, languages, snippets } from './signature-snippets.ts'
import { endTask } from './webhooks-store.ts'

export function VerifyDialog({ body, secret }: { body: string; secret: string }) {
  const [view, setView] = useState<'code' | 'check'>(body === '' ? 'code' : 'check')
  return (
    <Dialog open onClose={endTask} title="Verify a signature" width="wide">
      <DialogBody>
        <p className="text-ink-muted">
          Each POST carries <code className="text-sm">X-Webhook-Signature: sha256=…</code>: the
          HMAC-SHA256 of the raw body with the webhook’s secret, in hex.
        </p>
        <Segmented
          label="Help"
          value={view}
          onChange={setView}
          options={[
            { value: 'code', label: 'Code for your receiver' },
            { value: 'check', label: 'Check a signature' },
          ]}
        />
        {view === 'code' ? <Code /> : <SignatureChecker body={body} secret={secret} />}
      </DialogBody>
    </Dialog>
  )
}

function Code() {
  const [language, setLanguage] = useState<Language>('node')
  return (
    <div className="space-y-2">
      <Segmented
        label="Language"
        value={language}
        onChange={setLanguage}
        options={languages.map((one) => ({ value: one, label: languageNames[one] }))}
      />
      <CodeBlock code={snippets[language]} label={`code for ${languageNames[language]}`} />
      <p className="text-ink-faint text-sm">
        Also sent: X-Webhook-Id, X-Webhook-Timestamp (seconds) and X-MailSage-Event. Answer any 2xx
        within 5 seconds.
      </p>
    </div>
  )
}
