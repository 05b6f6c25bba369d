import { MailPlus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { showsRemoteServer, useRemoteServers } from '../../app/remote-servers.ts'
import { request } from '../../app/request.ts'
import { Icon } from '../../ui/icon.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { importFiles } from './import-files.ts'
import { desktopLabels } from './labels.ts'

/** Imports message files dropped on the window; exports messages dragged out of it. */
export function MessageDrag() {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      // Null means that the pointer left the window, not just an element.
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
        <span className="font-medium">{desktopLabels.dropFiles}</span>
      </div>
    </div>
  )
}

const hasFiles = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.includes('Files') ?? false

/** The message id of the row below the pointer. */
function messageIdOf({ target }: Event): string | null {
  const row = target instanceof Element ? target.closest('a') : null
  const [, id] = /^#\/inbox\/(msg_[0-9a-z]+)$/.exec(row?.getAttribute('href') ?? '') ?? []
  return id ?? null
}

let download: { readonly id: string; readonly url: string } | null = null

/** The desktop bridge writes files for its own server only; a remote page behaves like a browser. */
const localBridge = () =>
  showsRemoteServer(useRemoteServers.getState()) ? undefined : window.mailsage

/** A drag needs its URL synchronously, so the URL is requested on pointer down. */
function prepareDrag(event: PointerEvent): void {
  const id = messageIdOf(event)
  if (localBridge() || id === null || event.button !== 0 || event.pointerType !== 'mouse') return
  download = null
  request('POST /v1/inbox/{id}/download', { params: { id } }).then(
    ({ url }) => {
      download = { id, url: new URL(url, location.href).href }
    },
    // Without a URL the row is dragged as a plain link.
    () => undefined,
  )
}

/** The desktop provides a file, Chromium downloads the URL, other browsers drag a link. */
function dragOut(event: DragEvent): void {
  const id = messageIdOf(event)
  if (id === null) return
  const bridge = localBridge()
  if (bridge) {
    event.preventDefault()
    bridge.dragMessage(id).catch(toastFailure)
  } else if (download?.id === id) {
    event.dataTransfer?.setData('DownloadURL', `message/rfc822:${id}.eml:${download.url}`)
  }
}
