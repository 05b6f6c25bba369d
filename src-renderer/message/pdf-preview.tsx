import { useEffect, useRef, useState } from 'react'
import { failed, type Load, loading, ready } from '../ui/load.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { messageLabels } from './labels.ts'
import { openPdf, type PdfDocument } from './pdf-document.ts'

export const maxPdfBytes = 25 * 1024 * 1024
const maxPages = 100
const maxPixels = 16_000_000
/** Pages within this margin of the viewport are rendered. */
const renderMargin = '300px 0px'

type PdfPreviewProps = { name: string; load: (signal: AbortSignal) => Promise<Response> }
type Pages = { readonly document: PdfDocument; readonly ratio: number }

export function PdfPreview({ name, load }: PdfPreviewProps) {
  const pages = usePages(load)
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  if (pages.status === 'failed') return <p className="text-danger-ink">{pages.failure.message}</p>
  if (pages.status !== 'ready') return <Skeleton className="h-96 w-full" />
  const { document, ratio } = pages.value
  const { numPages: count } = document
  const numbers = Array.from({ length: Math.min(count, maxPages) }, (_, index) => index + 1)
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a scrolling region, not a form's group */}
      <div
        ref={setScroller}
        role="group"
        aria-label={messageLabels.pdfPages(name)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: pages scroll, so they must take keyboard focus
        tabIndex={0}
        className="max-h-[32rem] space-y-3 overflow-y-auto rounded-md border border-line bg-sunken p-3"
      >
        {scroller &&
          numbers.map((number) => (
            <Page
              key={number}
              document={document}
              number={number}
              ratio={ratio}
              scroller={scroller}
            />
          ))}
      </div>
      <p className="figures mt-1 text-ink-faint text-sm">
        {count > maxPages
          ? messageLabels.pdfTruncated(maxPages, count)
          : messageLabels.pdfPageCount(count)}
      </p>
    </>
  )
}

function usePages(load: PdfPreviewProps['load']): Load<Pages> {
  const [pages, setPages] = useState<Load<Pages>>(loading)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `load` reads the same part on every render
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    async function read(): Promise<Pages> {
      const document = await openPdf(await (await load(signal)).arrayBuffer(), signal)
      const { width, height } = (await document.getPage(1)).getViewport({ scale: 1 })
      return { document, ratio: width / height }
    }
    read().then(
      (value) => !signal.aborted && setPages(ready(value)),
      (cause) => !signal.aborted && setPages(failed(cause)),
    )
    return () => controller.abort()
  }, [])
  return pages
}

type PageProps = { document: PdfDocument; number: number; ratio: number; scroller: HTMLElement }

/** Rendered near the viewport. Until then it has the aspect ratio of the first page. */
function Page({ document, number, ratio: firstRatio, scroller }: PageProps) {
  const container = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [isNear, setNear] = useState(false)
  const [ratio, setRatio] = useState(firstRatio)
  const [isBroken, setBroken] = useState(false)

  useEffect(() => {
    if (!container.current) return
    const observer = new IntersectionObserver(
      (entries) => setNear(entries.at(-1)?.isIntersecting ?? false),
      { root: scroller, rootMargin: renderMargin },
    )
    observer.observe(container.current)
    return () => observer.disconnect()
  }, [scroller])

  useEffect(() => {
    const target = canvas.current
    if (!isNear || !target) return
    let cancel = (): void => undefined
    let isGone = false
    async function draw(onto: HTMLCanvasElement) {
      const page = await document.getPage(number)
      const size = page.getViewport({ scale: 1 })
      const wanted = (onto.clientWidth * Math.min(2, devicePixelRatio)) / size.width
      const maxScale = Math.sqrt(maxPixels / (size.width * size.height))
      const viewport = page.getViewport({ scale: Math.min(wanted, maxScale) })
      if (isGone) return
      setRatio(size.width / size.height)
      onto.width = viewport.width
      onto.height = viewport.height
      const drawing = page.render({ canvas: onto, viewport })
      cancel = () => drawing.cancel()
      await drawing.promise
    }
    draw(target).catch(() => isGone || setBroken(true))
    return () => {
      isGone = true
      cancel()
    }
  }, [document, number, isNear])

  return (
    <div
      ref={container}
      className="mx-auto w-full max-w-3xl overflow-hidden rounded-sm border border-line bg-paper"
      style={{ aspectRatio: ratio }}
    >
      {isBroken ? (
        <p className="p-4 text-danger-ink">{messageLabels.pdfPageDamaged(number)}</p>
      ) : (
        isNear && (
          <canvas
            ref={canvas}
            role="img"
            aria-label={messageLabels.pdfPage(number, document.numPages)}
            className="block h-full w-full"
          />
        )
      )}
    </div>
  )
}
