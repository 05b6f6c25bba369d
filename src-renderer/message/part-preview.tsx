import { useEffect, useState } from 'react'
import { formatBytes } from '../ui/format.ts'
import { failed, type Load, loading, ready } from '../ui/load.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { messageLabels } from './labels.ts'
import { maxPdfBytes, PdfPreview } from './pdf-preview.tsx'

const maxTextLength = 64 * 1024
const maxImageBytes = 10 * 1024 * 1024

export type PreviewKind = 'image' | 'text' | 'pdf'

/** The preview for a content type; null when the window has none. */
export function previewKindOf(contentType: string, sizeBytes: number): PreviewKind | null {
  const isImage = /^image\/(?:png|jpe?g|gif|webp|avif|bmp|svg\+xml|x-icon)$/.test(contentType)
  if (isImage) return sizeBytes <= maxImageBytes ? 'image' : null
  if (contentType === 'application/pdf') return sizeBytes <= maxPdfBytes ? 'pdf' : null
  const isText =
    /^text\/|^message\/|[/+](?:json|xml|yaml|calendar)$|^application\/(?:javascript|sql|x-sh)$/
  return isText.test(contentType) ? 'text' : null
}

type PreviewProps = {
  kind: PreviewKind
  name: string
  sizeBytes: number
  load: (signal: AbortSignal) => Promise<Response>
}

export function PartPreview(props: PreviewProps) {
  return props.kind === 'pdf' ? <PdfPreview {...props} /> : <PlainPreview {...props} />
}

function PlainPreview({ kind, name, sizeBytes, load }: PreviewProps) {
  const content = useContent(kind, load)
  if (content.status === 'failed')
    return <p className="text-danger-ink">{content.failure.message}</p>
  if (content.status !== 'ready') return <Skeleton className="h-24 w-full" />
  if (kind === 'image') {
    return (
      <img
        src={content.value}
        alt={name}
        className="max-h-96 max-w-full rounded-md border border-line bg-paper object-contain"
      />
    )
  }
  return (
    <>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long text scrolls, so it must take keyboard focus
        tabIndex={0}
        className="max-h-80 overflow-auto whitespace-pre-wrap break-words rounded-md border border-line bg-sunken px-3 py-2 text-sm leading-5"
      >
        {content.value}
      </pre>
      {sizeBytes > maxTextLength && (
        <p className="mt-1 text-ink-faint text-sm">
          {messageLabels.truncatedText(formatBytes(maxTextLength), formatBytes(sizeBytes))}
        </p>
      )}
    </>
  )
}

/** An object URL of the image, or the first part of the text. */
function useContent(kind: PreviewKind, load: PreviewProps['load']): Load<string> {
  const [content, setContent] = useState<Load<string>>(loading)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `load` reads the same part on every render
  useEffect(() => {
    const controller = new AbortController()
    let url: string | null = null
    async function read() {
      const response = await load(controller.signal)
      if (kind === 'text') return readPrefix(response)
      url = URL.createObjectURL(await response.blob())
      return url
    }
    read().then(
      (value) => !controller.signal.aborted && setContent(ready(value)),
      (cause) => !controller.signal.aborted && setContent(failed(cause)),
    )
    return () => {
      controller.abort()
      if (url !== null) URL.revokeObjectURL(url)
    }
  }, [kind])
  return content
}

/** Reads no more than is shown. */
async function readPrefix(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const decoder = new TextDecoder()
  let text = ''
  while (text.length < maxTextLength) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    text += decoder.decode(value, { stream: true })
  }
  await reader.cancel()
  return text.slice(0, maxTextLength)
}
