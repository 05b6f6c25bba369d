import { predictFrameSize } from './frame-scale.ts'
import { useViewChoices } from './view-choices.ts'

/** A frame that has begun to load its page. */
export type Frame = { readonly element: HTMLIFrameElement; isLoaded: boolean }

type Mover = Element & { moveBefore?: (node: Node, before: Node | null) => void }

/** Where elements cannot be moved, a frame loads its page again wherever it is put. */
const canMove = 'moveBefore' in Element.prototype

let ahead: Frame | null = null

/**
 * Loads the page of a message that is likely opened next, where nobody sees it. It has to lie in the
 * window, for browsers do not lay out a frame that lies elsewhere.
 */
export function preloadFrame(url: string): void {
  if (!canMove) return
  discardPreloadedFrame()
  ahead = createFrame(url)
  const { element } = ahead
  const { scheme, width } = useViewChoices.getState()
  const size = predictFrameSize(width)
  element.inert = true
  element.ariaHidden = 'true'
  Object.assign(element.style, {
    position: 'fixed',
    inset: '0 auto auto 0',
    width: `${size.width}px`,
    height: `${size.height}px`,
    zIndex: '-1',
    opacity: '0',
    colorScheme: scheme === 'dark' ? 'dark' : 'light',
  })
  document.body.append(element)
}

export function discardPreloadedFrame(): void {
  ahead?.element.remove()
  ahead = null
}

/** Puts the frame of a page into its place: the one that was loaded ahead, else a new one. */
export function mountFrame(url: string, place: Mover): Frame {
  const frame = takeAhead(url) ?? createFrame(url)
  const { element } = frame
  if (element.isConnected) place.moveBefore?.(element, null)
  else place.append(element)
  element.inert = false
  element.ariaHidden = null
  element.title = 'Message as HTML'
  element.style.cssText = ''
  return frame
}

function takeAhead(url: string): Frame | null {
  if (ahead?.element.getAttribute('src') !== url) {
    discardPreloadedFrame()
    return null
  }
  const taken = ahead
  ahead = null
  return taken
}

function createFrame(url: string): Frame {
  const element = document.createElement('iframe')
  element.title = 'Next message'
  element.className = 'block size-full border-0'
  // Neither scripts nor the window's origin; links leave through new windows only.
  element.setAttribute('sandbox', 'allow-popups allow-popups-to-escape-sandbox')
  element.referrerPolicy = 'no-referrer'
  element.src = url
  const frame = { element, isLoaded: false }
  element.addEventListener('load', () => {
    frame.isLoaded = true
  })
  return frame
}
