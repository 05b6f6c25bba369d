import { predictFrameSize } from './frame-scale.ts'
import { messageLabels } from './labels.ts'
import { useViewChoices } from './view-choices.ts'

/** An iframe with its page loading or loaded. */
export type Frame = { readonly element: HTMLIFrameElement; isLoaded: boolean }

type MovableParent = Element & { moveBefore?: (node: Node, before: Node | null) => void }

/** Without `moveBefore`, a frame reloads its page when it is moved. */
const canMove = 'moveBefore' in Element.prototype

let preloaded: Frame | null = null

/**
 * Loads the page of the message that is likely opened next, invisibly. The frame is inside the viewport,
 * because browsers do not lay out a frame outside it.
 */
export function preloadFrame(url: string): void {
  if (!canMove) return
  discardPreloadedFrame()
  preloaded = createFrame(url)
  const { element } = preloaded
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
  preloaded?.element.remove()
  preloaded = null
}

/** Mounts the frame of a page: the preloaded one when its URL matches, else a new one. */
export function mountFrame(url: string, parent: MovableParent): Frame {
  const frame = takePreloaded(url) ?? createFrame(url)
  const { element } = frame
  if (element.isConnected) parent.moveBefore?.(element, null)
  else parent.append(element)
  element.inert = false
  element.ariaHidden = null
  element.title = messageLabels.frame
  element.style.cssText = ''
  return frame
}

function takePreloaded(url: string): Frame | null {
  if (preloaded?.element.getAttribute('src') !== url) {
    discardPreloadedFrame()
    return null
  }
  const taken = preloaded
  preloaded = null
  return taken
}

function createFrame(url: string): Frame {
  const element = document.createElement('iframe')
  element.title = messageLabels.nextFrame
  element.className = 'block size-full border-0'
  // No scripts, no access to the window's origin; links open new windows only.
  element.setAttribute('sandbox', 'allow-popups allow-popups-to-escape-sandbox')
  element.referrerPolicy = 'no-referrer'
  element.src = url
  const frame = { element, isLoaded: false }
  element.addEventListener('load', () => {
    frame.isLoaded = true
  })
  return frame
}
