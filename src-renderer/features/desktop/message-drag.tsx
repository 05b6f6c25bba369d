import { MailPlus } from 'lucide-react'
import { useEffect, useState } from 'react'
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
    window.addEventListener('dragstart', dragOut)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
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

/** A row is a link to its message; only the desktop can make a file of it. */
function dragOut(event: DragEvent): void {
  if (!window.mailsage || !(event.target instanceof Element)) return
  const href = event.target.closest('a')?.getAttribute('href') ?? ''
  const [, id] = /^#\/inbox\/(msg_[0-9a-z]+)$/.exec(href) ?? []
  if (id === undefined) return
  event.preventDefault()
  window.mailsage.dragMessage(id).catch(toastFailure)
}
