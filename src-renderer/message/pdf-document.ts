import type { PDFDocumentProxy } from 'pdfjs-dist'
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'
import { messageLabels } from './labels.ts'

export type PdfDocument = PDFDocumentProxy

const maxImagePixels = 33_554_432

/**
 * Reads a PDF with pdf.js, loaded on first use. Scripts in the PDF never run; the worker and its files
 * come from the window's own origin. WebAssembly is off because the page's CSP forbids it.
 */
export async function openPdf(bytes: ArrayBuffer, signal: AbortSignal): Promise<PdfDocument> {
  const pdf = await import('pdfjs-dist/legacy/build/pdf.mjs')
  pdf.GlobalWorkerOptions.workerSrc = workerUrl
  const assetUrl = (folder: string) => new URL(`pdf/${folder}/`, document.baseURI).href
  const opening = pdf.getDocument({
    data: bytes,
    cMapUrl: assetUrl('cmaps'),
    standardFontDataUrl: assetUrl('standard_fonts'),
    wasmUrl: assetUrl('wasm'),
    useWasm: false,
    maxImageSize: maxImagePixels,
    verbosity: pdf.VerbosityLevel.ERRORS,
  })
  signal.addEventListener('abort', () => void opening.destroy())
  return opening.promise.catch((cause: unknown) => {
    throw cause instanceof pdf.PasswordException
      ? new Error(messageLabels.pdfEncrypted)
      : new Error(messageLabels.pdfDamaged)
  })
}
