import { useEffect, useState } from 'react'

/**
 * An empty sealed frame, mounted once the window is at rest. Browsers give sealed frames a process of
 * their own and end it with the last of them: while this one stays, no message waits for a new process.
 */
export function KeepAliveFrame() {
  const [isAtRest, setAtRest] = useState(false)
  useEffect(() => {
    const wish = requestIdleCallback(() => setAtRest(true))
    return () => cancelIdleCallback(wish)
  }, [])
  return isAtRest && <iframe hidden title="Kept warm" sandbox="" srcDoc="<!doctype html>" />
}
