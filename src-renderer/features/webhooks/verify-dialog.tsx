import { useState } from 'react'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { webhooksLabels } from './labels.ts'
import { SignatureChecker } from './signature-checker.tsx'
import { type Language, languageNames, languages, snippets } from './signature-snippets.ts'
import { endTask } from './webhooks-store.ts'

export function VerifyDialog({ body, secret }: { body: string; secret: string }) {
  const [view, setView] = useState<'code' | 'check'>(body === '' ? 'code' : 'check')
  return (
    <Dialog open onClose={endTask} title={webhooksLabels.verifyTitle} width="wide">
      <DialogBody>
        <p className="text-ink-muted">
          {webhooksLabels.verify.intro}{' '}
          <code className="text-sm">X-Webhook-Signature: sha256=…</code>
          {webhooksLabels.verify.introEnd}
        </p>
        <Segmented
          label={webhooksLabels.verify.view}
          value={view}
          onChange={setView}
          options={[
            { value: 'code', label: webhooksLabels.verify.code },
            { value: 'check', label: webhooksLabels.verify.check },
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
        label={webhooksLabels.verify.language}
        value={language}
        onChange={setLanguage}
        options={languages.map((one) => ({ value: one, label: languageNames[one] }))}
      />
      <CodeBlock
        code={snippets[language]}
        label={webhooksLabels.verify.codeBlock(languageNames[language])}
      />
      <p className="text-ink-faint text-sm">{webhooksLabels.verify.hint}</p>
    </div>
  )
}
