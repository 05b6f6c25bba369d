import { useEffect, useState } from 'react'
import { formatBytes } from '../ui/format.ts'
import { failed, type Load, loading, ready } from '../ui/load.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { maxPdfBytes, PdfPreview } from './pdf-preview.tsx'

const maxTextLength = 64 * 1024
const maxImageBytes = 10 * 1024 * 1024

export type PreviewKind = 'image' | 'text' | 'pdf'

/** What can be looked at here; the rest is for other programs. */
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
        // Long text scrolls, so the keyboard must reach it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region
        tabIndex={0}
        className="max-h-80 overflow-auto whitespace-pre-wrap break-words rounded-md border border-line bg-sunken px-3 py-2 text-sm leading-5"
      >
        {content.value}
      </pre>
      {sizeBytes > maxTextLength && (
        <p className="mt-1 text-ink-faint text-sm">
          The first {formatBytes(maxTextLength)} of {formatBytes(sizeBytes)}. Download it to see
          all.
        </p>
      )}
    </>
  )
}

/** An address of the image, or the beginning of the text. */
function useContent(kind: PreviewKind, load: PreviewProps['load']): Load<string> {
  const [content, setContent] = useState<Load<string>>(loading)
  // Where it comes from does not change while it is shown.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const controller = new AbortController()
    let url: string | null = null
    async function read() {
      const response = await load(controller.signal)
      if (kind === 'text') return beginningOf(response)
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

/** No more is read than is shown. */
async function beginningOf(response: Response): Promise<string> {
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
