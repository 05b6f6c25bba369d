import { CircleAlert, KeyRound, Monitor, RotateCw } from 'lucide-react'
import { useEffect } from 'react'
import type { ServerConnection } from '../../../src-main/electron/bridge.ts'
import { askForKey, switchServer } from '../../app/remote-servers.ts'
import { BrandMark } from '../../ui/brand.tsx'
import { Button } from '../../ui/button.tsx'
import { Note } from '../../ui/notice.tsx'
import { frameLabels } from './labels.ts'

/** Shown while the window connects to a remote server, and when that fails. */
export function RemoteGate({
  connection,
}: {
  connection: Extract<ServerConnection, { at: 'connecting' | 'failed' }>
}) {
  const { id, name, host } = connection.server
  const isLost = connection.at === 'failed'
  const title = isLost ? frameLabels.connectionFailed(name) : frameLabels.connectingTo(name)
  useEffect(() => {
    document.title = `${title} – MailSage`
  }, [title])
  return (
    <main className="flex h-full items-center justify-center bg-rail p-6">
      <div className="w-[420px] rounded-xl border border-line bg-canvas p-6 shadow-control">
        <BrandMark size={32} />
        <h1 className="mt-4 break-words font-semibold text-xl">{title}</h1>
        {host !== name && <p className="mt-1 break-all font-mono text-ink-muted">{host}</p>}
        <div role="status" className="mt-4">
          {isLost ? (
            <Note tone="danger" icon={CircleAlert}>
              {connection.problem.sentence}
            </Note>
          ) : (
            <p className="flex items-center gap-2 text-ink-muted">
              <span className="size-2 animate-breathe rounded-full bg-sage" />
              {frameLabels.checkingServer}
            </p>
          )}
        </div>
        <div className="mt-5 flex gap-2">
          {isLost && connection.problem.field === 'key' && (
            <Button look="primary" icon={KeyRound} onClick={() => askForKey(connection)}>
              {frameLabels.useAnotherKey}
            </Button>
          )}
          {isLost && connection.problem.field === 'address' && (
            <Button look="primary" icon={RotateCw} onClick={() => switchServer(id)}>
              {frameLabels.tryAgain}
            </Button>
          )}
          <Button icon={Monitor} onClick={() => switchServer(null)}>
            {frameLabels.backToThisComputer}
          </Button>
        </div>
      </div>
    </main>
  )
}
