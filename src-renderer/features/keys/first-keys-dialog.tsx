import { useState } from 'react'
import { forgetFirstKeys, useSession } from '../../session.ts'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Reveal, ShownOnceNote } from './reveal.tsx'
import { StoredFooter } from './reveal-dialog.tsx'

/** The keys made on the very first start of the desktop app. */
export function FirstKeysDialog() {
  const firstKeys = useSession((state) => state.firstKeys)
  const [isStored, setStored] = useState(false)
  if (!firstKeys || (firstKeys.admin === null && firstKeys.test === null)) return null
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
        {firstKeys.test && (
          <Reveal
            secret={firstKeys.test}
            mode="test"
            name="Test key, for your apps"
            onCopied={() => setStored(true)}
          />
        )}
        {firstKeys.admin && (
          <Reveal
            secret={firstKeys.admin}
            mode="live"
            name="Admin key, for you"
            onCopied={() => setStored(true)}
          />
        )}
      </DialogBody>
      <StoredFooter isStored={isStored} onStored={setStored} onDone={forgetFirstKeys} />
    </Dialog>
  )
}
