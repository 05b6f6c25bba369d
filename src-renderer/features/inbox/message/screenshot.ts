import type { InboxMessageDetail } from '../../../../src-main/contract/messages.ts'
import { saveFile } from '../../../app/save-file.ts'
import { frameWidths, useViewChoices } from '../../../message/view-choices.ts'
import { toast } from '../../../ui/toasts.tsx'
import { useMessage } from '../message-store.ts'

const fullWidth = 1024
const tallest = 12_000
/** A canvas larger than this cannot be had. */
const maxPixels = 60_000_000

/**
 * The whole HTML view as a picture, also what would have to be scrolled to. The frame is sealed, so
 * its page is drawn a second time, inside an SVG picture: there nothing runs and nothing is fetched.
 * Inline images are put in; what came from elsewhere is not in the picture.
 */
export async function saveScreenshot(message: InboxMessageDetail): Promise<void> {
  const { view, isRemoteAllowed } = useMessage.getState()
  if (view.status !== 'ready') throw new Error('Open the HTML tab first, then save a screenshot.')
  const width = frameWidths[useViewChoices.getState().width] ?? fullWidth
  const page = await fetch(withoutMarks(view.value.url))
  if (!page.ok) throw new Error('This view has expired. Open the message again.')
  const still = await stillOf(await page.text())
  const height = await heightOf(still, width)
  await saveFile(`${message.id}.png`, await draw(still, width, height))
  const lacks = isRemoteAllowed && view.value.remote_content
  toast(lacks ? 'Screenshot saved, without its remote images' : 'Screenshot saved')
}

const withoutMarks = (address: string): string => address.split(/[?#]/, 1)[0] ?? ''

/** The page as a document that does nothing, its images in it. */
async function stillOf(html: string): Promise<Document> {
  const page = new DOMParser().parseFromString(html, 'text/html')
  const active = 'script,iframe,frame,object,embed,link,base,meta,audio,video,noscript'
  for (const element of page.querySelectorAll(active)) element.remove()
  for (const element of page.querySelectorAll('*')) {
    for (const { name } of [...element.attributes]) {
      // An attribute whose name XML does not know would spoil the whole picture.
      if (/^on/i.test(name) || !/^[a-z_][\w.-]*$/i.test(name)) element.removeAttribute(name)
    }
  }
  await Promise.all([...page.querySelectorAll('img')].map(putIn))
  return page
}

async function putIn(image: HTMLImageElement): Promise<void> {
  const source = image.getAttribute('src') ?? ''
  image.removeAttribute('srcset')
  if (source.startsWith('data:')) return
  const isOurs = source.startsWith('/view/')
  const blob = isOurs ? await fetch(source).then((answer) => answer.blob()) : null
  if (blob) image.setAttribute('src', await dataUrl(blob))
  else image.removeAttribute('src')
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(new Error('An image of the message could not be read.'))
    reader.readAsDataURL(blob)
  })
}

/** Laid out for a moment where nobody sees it, without scripts. */
async function heightOf(page: Document, width: number): Promise<number> {
  const frame = document.createElement('iframe')
  frame.setAttribute('sandbox', 'allow-same-origin')
  frame.setAttribute('aria-hidden', 'true')
  frame.style.cssText = `position:fixed;left:-20000px;top:0;width:${width}px;height:600px;border:0`
  document.body.append(frame)
  const inside = frame.contentDocument
  if (!inside) throw new Error('This window cannot lay the message out.')
  // Written into, not navigated to: the desktop lets no frame leave for another page.
  inside.open()
  inside.write('<!doctype html><html></html>')
  inside.close()
  inside.replaceChild(inside.importNode(page.documentElement, true), inside.documentElement)
  await Promise.all([...inside.images].map((image) => image.decode().catch(() => undefined)))
  const height = Math.min(tallest, Math.max(1, inside.documentElement.scrollHeight))
  frame.remove()
  return height
}

async function draw(page: Document, width: number, height: number): Promise<Blob> {
  const body = new XMLSerializer().serializeToString(page.documentElement)
  const picture = new Image()
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><foreignObject width="100%" height="100%">${body}</foreignObject></svg>`,
  )}`
  await picture.decode().catch(() => {
    throw new Error('This message cannot be drawn as a picture.')
  })
  const scale = width * height * 4 > maxPixels ? 1 : 2
  const canvas = document.createElement('canvas')
  canvas.width = width * scale
  canvas.height = height * scale
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This window cannot draw.')
  const isDark = useViewChoices.getState().scheme !== 'light'
  const ground = isDark ? '--color-paper-dark' : '--color-paper'
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(ground)
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.scale(scale, scale)
  context.drawImage(picture, 0, 0)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) =>
      blob ? resolve(blob) : reject(new Error('The picture is too large to be saved.')),
    ),
  )
}
