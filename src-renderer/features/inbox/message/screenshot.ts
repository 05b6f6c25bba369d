import type { InboxMessageDetail } from '../../../../src-main/contract/messages.ts'
import { saveFile } from '../../../app/save-file.ts'
import { frameWidths, useViewChoices } from '../../../message/view-choices.ts'
import { toast } from '../../../ui/toasts.tsx'
import { screenshotLabels } from '../labels.ts'
import { useMessage } from '../message-store.ts'

const fullWidth = 1024
const maxHeight = 12_000
/** The canvas limit of browsers. */
const maxPixels = 60_000_000

/**
 * Saves the whole HTML view as an image. The sandboxed frame can't be read, so the page is rendered
 * again inside an SVG image, where no scripts run and nothing is fetched. Inline images are embedded;
 * remote images are left out.
 */
export async function saveScreenshot(message: InboxMessageDetail): Promise<void> {
  const { view, isRemoteAllowed } = useMessage.getState()
  if (view.status !== 'ready') throw new Error(screenshotLabels.notLoaded)
  const width = frameWidths[useViewChoices.getState().width] ?? fullWidth
  const page = await fetch(withoutHighlights(view.value.url))
  if (!page.ok) throw new Error(screenshotLabels.expired)
  const inert = await makeInert(await page.text())
  const height = await measureHeight(inert, width)
  await saveFile(`${message.id}.png`, await draw(inert, width, height))
  const isIncomplete = isRemoteAllowed && view.value.remote_content
  toast(isIncomplete ? screenshotLabels.savedWithoutRemote : screenshotLabels.saved)
}

const withoutHighlights = (address: string): string => address.split(/[?#]/, 1)[0] ?? ''

/** The page without active content, with its images embedded. */
async function makeInert(html: string): Promise<Document> {
  const page = new DOMParser().parseFromString(html, 'text/html')
  const active = 'script,iframe,frame,object,embed,link,base,meta,audio,video,noscript'
  for (const element of page.querySelectorAll(active)) element.remove()
  for (const element of page.querySelectorAll('*')) {
    for (const { name } of [...element.attributes]) {
      // An attribute name that is invalid in XML would break the SVG.
      if (/^on/i.test(name) || !/^[a-z_][\w.-]*$/i.test(name)) element.removeAttribute(name)
    }
  }
  await Promise.all([...page.querySelectorAll('img')].map(embedImage))
  return page
}

async function embedImage(image: HTMLImageElement): Promise<void> {
  const source = image.getAttribute('src') ?? ''
  image.removeAttribute('srcset')
  if (source.startsWith('data:')) return
  const isOwn = source.startsWith('/view/')
  const blob = isOwn ? await fetch(source).then((response) => response.blob()) : null
  if (blob) image.setAttribute('src', await dataUrl(blob))
  else image.removeAttribute('src')
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(new Error(screenshotLabels.imageUnreadable))
    reader.readAsDataURL(blob)
  })
}

/** Renders the page in a hidden frame, without scripts. */
async function measureHeight(page: Document, width: number): Promise<number> {
  const frame = document.createElement('iframe')
  frame.setAttribute('sandbox', 'allow-same-origin')
  frame.setAttribute('aria-hidden', 'true')
  frame.style.cssText = `position:fixed;left:-20000px;top:0;width:${width}px;height:600px;border:0`
  document.body.append(frame)
  const inside = frame.contentDocument
  if (!inside) throw new Error(screenshotLabels.noLayout)
  // Written, not navigated: the desktop app blocks navigation in frames.
  inside.open()
  inside.write('<!doctype html><html></html>')
  inside.close()
  inside.replaceChild(inside.importNode(page.documentElement, true), inside.documentElement)
  await Promise.all([...inside.images].map((image) => image.decode().catch(() => undefined)))
  const height = Math.min(maxHeight, Math.max(1, inside.documentElement.scrollHeight))
  frame.remove()
  return height
}

async function draw(page: Document, width: number, height: number): Promise<Blob> {
  const body = new XMLSerializer().serializeToString(page.documentElement)
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><foreignObject width="100%" height="100%">${body}</foreignObject></svg>`,
  )}`
  await image.decode().catch(() => {
    throw new Error(screenshotLabels.notDrawable)
  })
  const scale = width * height * 4 > maxPixels ? 1 : 2
  const canvas = document.createElement('canvas')
  canvas.width = width * scale
  canvas.height = height * scale
  const context = canvas.getContext('2d')
  if (!context) throw new Error(screenshotLabels.noCanvas)
  const isDark = useViewChoices.getState().scheme !== 'light'
  const background = isDark ? '--color-paper-dark' : '--color-paper'
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(background)
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.scale(scale, scale)
  context.drawImage(image, 0, 0)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(screenshotLabels.tooLarge)))),
  )
}
