import { useState } from 'react'
import { forgetFirstKeys, useSession } from '../../session.ts'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Reveal, ShownOnceNote } from './reveal.tsx'
import { StoredFooter } from './reveal-dialog.tsx'

/** The keys made on the very first start of the desktop app. */
export function FirstKeysDialog() {
  const firstKeys = useSession((state) => state.firstKeys)
  const [isTicked, setTicked] = useState(false)
  const [copied, setCopied] = useState<ReadonlySet<string>>(new Set())
  if (!firstKeys || (firstKeys.admin === null && firstKeys.test === null)) return null
  const { admin: adminKey, test: testKey } = firstKeys
  const shown = [adminKey, testKey].filter((key) => key !== null)
  const isStored = isTicked || shown.every((key) => copied.has(key))
  const noteCopied = (key: string) => setCopied((known) => new Set([...known, key]))
  return (
    <Dialog
      open
      locked
      onClose={forgetFirstKeys}
      title="Welcome to MailSage"
      description="These are your first keys. Your apps send with the test key; the admin key manages everything."
      width="wide"
    >
      <DialogBody>
        <ShownOnceNote />
        {testKey && (
          <Reveal
            secret={testKey}
            mode="test"
            name="Test key, for your apps"
            onCopied={() => noteCopied(testKey)}
          />
        )}
        {adminKey && (
          <Reveal
            secret={adminKey}
            mode="live"
            name="Admin key, for you"
            onCopied={() => noteCopied(adminKey)}
          />
        )}
      </DialogBody>
      <StoredFooter isStored={isStored} onStored={setTicked} onDone={forgetFirstKeys} />
    </Dialog>
  )
}
