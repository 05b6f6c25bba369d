import { useState } from 'react'
import { forgetFirstKeys, useSession } from '../../app/session.ts'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Reveal, ShownOnceNote } from './reveal.tsx'
import { LeaveNote, StoredFooter } from './reveal-dialog.tsx'

/** The keys made on the very first start of the desktop app: two, or one beside `API_KEY`. */
export function FirstKeysDialog() {
  const firstKeys = useSession((state) => state.firstKeys)
  const [isStored, setStored] = useState(false)
  const [isLeaving, setLeaving] = useState(false)
  if (!firstKeys || (firstKeys.admin === null && firstKeys.test === null)) return null
  const { admin: adminKey, test: testKey } = firstKeys
  const count = adminKey !== null && testKey !== null ? 2 : 1
  return (
    <Dialog
      open
      locked
      onCloseAttempt={() => (isStored ? forgetFirstKeys() : setLeaving(true))}
      onClose={forgetFirstKeys}
      title="Welcome to MailSage"
      description={
        count === 2
          ? 'These are your first two keys. Your apps send with the test key; the admin key manages everything.'
          : testKey
            ? 'This is your first key. Your apps send with it, and what they send is captured here.'
            : 'This is your first key. It manages everything.'
      }
      width="wide"
    >
      <DialogBody>
        <ShownOnceNote count={count} />
        {testKey && <Reveal secret={testKey} mode="test" name="Test key, for your apps" />}
        {adminKey && <Reveal secret={adminKey} mode="live" name="Admin key, for you" />}
      </DialogBody>
      {isLeaving && !isStored && (
        <LeaveNote count={count} onStay={() => setLeaving(false)} onLeave={forgetFirstKeys} />
      )}
      <StoredFooter
        count={count}
        isStored={isStored}
        onStored={setStored}
        onDone={forgetFirstKeys}
      />
    </Dialog>
  )
}
