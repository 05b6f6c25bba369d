import { useEffect } from 'react'
import { isUse, listen } from '../../live.ts'
import { loadKeyFigures, loadKeys } from './keys-store.ts'

const refreshMs = 5000

/** Last use and figures move with every request; while they are looked at, so do we. */
export function useFreshFigures(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null
    const refresh = () => {
      void loadKeys()
      loadKeyFigures().catch(() => undefined)
    }
    refresh()
    const unlisten = listen({
      events: (events) => {
        if (timer !== null || !events.some(isUse)) return
        timer = setTimeout(() => {
          timer = null
          refresh()
        }, refreshMs)
      },
    })
    return () => {
      unlisten()
      if (timer !== null) clearTimeout(timer)
    }
  }, [])
}
