import { useEffect, useState } from 'react'

/**
 * An empty sandboxed frame, mounted once the window is idle. Browsers run sandboxed frames in a separate
 * process and stop it with the last frame; this frame keeps the process, so messages open faster.
 */
export function KeepAliveFrame() {
  const [isIdle, setIdle] = useState(false)
  useEffect(() => {
    const handle = requestIdleCallback(() => setIdle(true))
    return () => cancelIdleCallback(handle)
  }, [])
  return isIdle && <iframe hidden title="Keep-alive" sandbox="" srcDoc="<!doctype html>" />
}
