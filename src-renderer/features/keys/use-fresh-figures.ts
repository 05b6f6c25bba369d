import { useEffect } from 'react'
import { createFollowUp } from '../../app/follow-up.ts'
import { isUse, listen } from '../../app/live.ts'
import { loadKeyFigures, loadKeys } from './keys-store.ts'

const refreshMs = 5000

/** Every request changes the figures; reloads them while the screen is open. */
export function useFreshFigures(): void {
  useEffect(() => {
    const refresh = () => {
      void loadKeys()
      loadKeyFigures().catch(() => undefined)
    }
    const followUp = createFollowUp(refresh, refreshMs)
    refresh()
    const unlisten = listen({
      events: (events) => {
        if (events.some(isUse)) followUp.schedule()
      },
    })
    return () => {
      unlisten()
      followUp.stop()
    }
  }, [])
}
