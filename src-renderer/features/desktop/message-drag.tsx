import { MailPlus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { showsRemoteServer, useRemoteServers } from '../../app/remote-servers.ts'
import { request } from '../../app/request.ts'
import { Icon } from '../../ui/icon.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { importFiles } from './import-files.ts'

/** Message files dropped anywhere on the window are imported; a message dragged out is a file. */
export function MessageDrag() {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      // Elements are left for their children all the time; the window only for nothing.
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setOver(false)
      void importFiles([...(event.dataTransfer?.files ?? [])])
    }
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    window.addEventListener('pointerdown', prepareDrag)
    window.addEventListener('dragstart', dragOut)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
      window.removeEventListener('pointerdown', prepareDrag)
      window.removeEventListener('dragstart', dragOut)
    }
  }, [])
  if (!isOver) return null
  return (
    <div className="pointer-events-none fixed inset-0 z-50 flex items-center justify-center bg-scrim">
      <div className="flex items-center gap-3 rounded-xl bg-raised px-5 py-4 shadow-float">
        <Icon of={MailPlus} size={18} className="text-sage-ink" />
        <span className="font-medium">Drop .eml files to import them</span>
      </div>
    </div>
  )
}

const hasFiles = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.includes('Files') ?? false

/** A row is a link to its message. */
function messageOf({ target }: Event): string | null {
  const row = target instanceof Element ? target.closest('a') : null
  const [, id] = /^#\/inbox\/(msg_[0-9a-z]+)$/.exec(row?.getAttribute('href') ?? '') ?? []
  return id ?? null
}

let download: { readonly id: string; readonly url: string } | null = null

/** The desktop makes files of its own relay's messages; those of another one are dragged as in a browser. */
const ownShell = () =>
  showsRemoteServer(useRemoteServers.getState()) ? undefined : window.mailsage

/** A browser asks for the address when a drag begins, and then it is too late to ask the relay. */
function prepareDrag(event: PointerEvent): void {
  const id = messageOf(event)
  if (ownShell() || id === null || event.button !== 0 || event.pointerType !== 'mouse') return
  download = null
  request('POST /v1/inbox/{id}/download', { params: { id } }).then(
    ({ url }) => {
      download = { id, url: new URL(url, location.href).href }
    },
    // Without it the row is dragged as any link is.
    () => undefined,
  )
}

/** The desktop makes a file of it; Chromium fetches one from the address, other browsers a link. */
function dragOut(event: DragEvent): void {
  const id = messageOf(event)
  if (id === null) return
  const shell = ownShell()
  if (shell) {
    event.preventDefault()
    shell.dragMessage(id).catch(toastFailure)
  } else if (download?.id === id) {
    event.dataTransfer?.setData('DownloadURL', `message/rfc822:${id}.eml:${download.url}`)
  }
}
