import { Monitor, RotateCw, Unplug } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useLive } from '../../app/live.ts'
import { switchServer, useRemoteServers } from '../../app/remote-servers.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { frameLabels } from './labels.ts'

const showAfterMs = 2_000

/** Shown when a remote server is unreachable for longer than a short interruption. */
export function ServerBanner() {
  const connection = useRemoteServers((state) => state.connection)
  const isReconnecting = useLive(({ state }) => state === 'reconnecting')
  const [isShown, setShown] = useState(false)
  useEffect(() => {
    const timer = isReconnecting ? setTimeout(() => setShown(true), showAfterMs) : null
    if (!isReconnecting) setShown(false)
    return () => {
      if (timer) clearTimeout(timer)
    }
  }, [isReconnecting])
  if (connection.at !== 'remote' || !isShown) return null
  const { id, name } = connection.server
  return (
    <div
      role="status"
      className="flex h-10 shrink-0 items-center gap-2 border-line border-b bg-warn-soft px-4 text-warn-ink"
    >
      <Icon of={Unplug} className="shrink-0" />
      <span className="min-w-0 flex-1 truncate">{frameLabels.serverLost(name)}</span>
      <Button icon={RotateCw} onClick={() => switchServer(id)}>
        {frameLabels.tryAgain}
      </Button>
      <Button icon={Monitor} onClick={() => switchServer(null)}>
        {frameLabels.backToThisComputer}
      </Button>
    </div>
  )
}
