import type { PDFDocumentProxy } from 'pdfjs-dist'
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'

export type PdfDocument = PDFDocumentProxy

const maxImagePixels = 33_554_432

/**
 * Reads a PDF with pdf.js, which is loaded for the first one. It has no scripts and opens nothing:
 * its worker and all that it reads come from this window's own origin. WebAssembly is left out, as
 * the page's policy forbids it; the decoders have a second form without.
 */
export async function openPdf(bytes: ArrayBuffer, signal: AbortSignal): Promise<PdfDocument> {
  const pdf = await import('pdfjs-dist/legacy/build/pdf.mjs')
  pdf.GlobalWorkerOptions.workerSrc = workerUrl
  const from = (folder: string) => new URL(`pdf/${folder}/`, document.baseURI).href
  const opening = pdf.getDocument({
    data: bytes,
    cMapUrl: from('cmaps'),
    standardFontDataUrl: from('standard_fonts'),
    wasmUrl: from('wasm'),
    useWasm: false,
    maxImageSize: maxImagePixels,
    verbosity: pdf.VerbosityLevel.ERRORS,
  })
  signal.addEventListener('abort', () => void opening.destroy())
  return opening.promise.catch((cause: unknown) => {
    throw cause instanceof pdf.PasswordException
      ? new Error('This PDF is encrypted with a password. Download it to open it elsewhere.')
      : new Error('This PDF is damaged and cannot be shown. Download it to look into it.')
  })
}
