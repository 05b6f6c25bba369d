import { Monitor, RotateCw, Unplug } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useLive } from '../../app/live.ts'
import { switchServer, useRemoteServers } from '../../app/remote-servers.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'

const patienceMs = 2_000

/** Says that another computer's server has gone away under the window; a hiccup is not worth it. */
export function ServerBanner() {
  const way = useRemoteServers((state) => state.way)
  const isCut = useLive(({ state }) => state === 'reconnecting')
  const [isGone, setGone] = useState(false)
  useEffect(() => {
    const timer = isCut ? setTimeout(() => setGone(true), patienceMs) : null
    if (!isCut) setGone(false)
    return () => {
      if (timer) clearTimeout(timer)
    }
  }, [isCut])
  if (way.at !== 'there' || !isGone) return null
  const { id, name } = way.server
  return (
    <div
      role="status"
      className="flex h-10 shrink-0 items-center gap-2 border-line border-b bg-warn-soft px-4 text-warn-ink"
    >
      <Icon of={Unplug} className="shrink-0" />
      <span className="min-w-0 flex-1 truncate">
        {name} does not answer. What you see may be old.
      </span>
      <Button icon={RotateCw} onClick={() => switchServer(id)}>
        Try again
      </Button>
      <Button icon={Monitor} onClick={() => switchServer(null)}>
        Back to this computer
      </Button>
    </div>
  )
}
