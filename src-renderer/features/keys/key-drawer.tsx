import { Pencil, RefreshCw, Trash2, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import { createFollowUp } from '../../app/follow-up.ts'
import { listen } from '../../app/live.ts'
import { go } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { ModeBadge } from '../../ui/mode-badge.tsx'
import { KeyActivity } from './key-activity.tsx'
import { concernsKey, loadKeyDetail, openKey } from './key-detail-store.ts'
import { KeyHistory } from './key-history.tsx'
import { KeySettings } from './key-settings.tsx'
import { isRotating, RotationNote } from './key-times.tsx'
import { beginTask } from './keys-store.ts'
import { keysLabels } from './labels.ts'

const refreshMs = 2000

export function KeyDrawer({ id, apiKey }: { id: string; apiKey: Key | null }) {
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    openKey(id)
    panel.current?.focus({ preventScroll: true })
  }, [id])
  useFreshDetail(id)
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label={keysLabels.drawer.label(apiKey?.name)}
      className="absolute inset-y-0 right-0 z-10 flex w-[420px] shrink-0 animate-appear flex-col border-line border-l bg-canvas shadow-float outline-none xl:static xl:shadow-none"
    >
      {apiKey ? <Contents apiKey={apiKey} /> : <Missing />}
    </aside>
  )
}

function Contents({ apiKey }: { apiKey: Key }) {
  const { name, mode, enabled, permissions, grace_until, source } = apiKey
  const isFixed = source === 'environment'
  return (
    <>
      <header className="shrink-0 border-line border-b px-5 pt-3 pb-3">
        <div className="flex items-center gap-2">
          <h2 className="min-w-0 flex-1 truncate font-semibold text-lg" title={name}>
            {name}
          </h2>
          <CloseButton />
        </div>
        <div className="mt-1 flex flex-wrap items-center gap-1.5">
          <ModeBadge mode={mode} />
          {permissions.includes('*') && <Badge tone="sage">{keysLabels.admin}</Badge>}
          {!enabled && <Badge>{keysLabels.disabled}</Badge>}
          {isRotating(apiKey) && grace_until && <RotationNote until={grace_until} long />}
        </div>
        {isFixed ? (
          <p className="mt-2 text-ink-muted text-sm">{keysLabels.drawer.fixed}</p>
        ) : (
          <div className="mt-3 flex gap-2">
            <Button icon={Pencil} onClick={() => beginTask({ type: 'edit', key: apiKey })}>
              {keysLabels.actions.edit}
            </Button>
            <Button icon={RefreshCw} onClick={() => beginTask({ type: 'rotate', key: apiKey })}>
              {keysLabels.actions.rotate}
            </Button>
            <Button icon={Trash2} onClick={() => beginTask({ type: 'revoke', key: apiKey })}>
              {keysLabels.actions.revoke}
            </Button>
          </div>
        )}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2">
        <KeyActivity apiKey={apiKey} />
        <KeySettings apiKey={apiKey} />
        <KeyHistory apiKey={apiKey} />
      </div>
    </>
  )
}

function Missing() {
  return (
    <div className="p-5">
      <div className="flex items-start gap-2">
        <p className="min-w-0 flex-1 pt-1">{keysLabels.drawer.missing}</p>
        <CloseButton />
      </div>
      <Button className="mt-4" onClick={() => go('keys')}>
        {keysLabels.screen.showAll}
      </Button>
    </div>
  )
}

function CloseButton() {
  return (
    <IconButton
      icon={X}
      label={keysLabels.drawer.close}
      shortcut="Esc"
      className="-mr-2"
      onClick={() => go('keys')}
    />
  )
}

function useFreshDetail(id: string): void {
  useEffect(() => {
    const followUp = createFollowUp(loadKeyDetail, refreshMs)
    const unlisten = listen({
      events: (events) => {
        if (events.some((event) => concernsKey(id, event))) followUp.schedule()
      },
    })
    return () => {
      unlisten()
      followUp.stop()
    }
  }, [id])
}
