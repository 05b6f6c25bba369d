import { useState } from 'react'
import { forgetFirstKeys, useSession } from '../../app/session.ts'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { keysLabels } from './labels.ts'
import { Reveal, ShownOnceNote } from './reveal.tsx'
import { LeaveNote, StoredFooter } from './reveal-dialog.tsx'

/** The keys created on the first start of the desktop app: two, or one when `API_KEY` is set. */
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
      title={keysLabels.first.title}
      description={
        count === 2
          ? keysLabels.first.twoKeys
          : testKey
            ? keysLabels.first.testKey
            : keysLabels.first.adminKey
      }
      width="wide"
    >
      <DialogBody>
        <ShownOnceNote count={count} />
        {testKey && <Reveal secret={testKey} mode="test" name={keysLabels.first.testName} />}
        {adminKey && <Reveal secret={adminKey} mode="live" name={keysLabels.first.adminName} />}
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
