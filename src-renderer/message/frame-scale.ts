import { type CSSProperties, useCallback, useState } from 'react'
import { type FrameWidth, frameWidths } from './view-choices.ts'

/** The minimum width in desktop mail clients, for which newsletters are designed. */
const minDesktopWidth = 640
const bordersPx = 2

type Size = { readonly width: number; readonly height: number }

/** The last measured size, as the initial size of the next frame. */
let lastPane: Size | null = null

/**
 * Size and scale of a message's frame in its pane. A frame that is wider than the pane is scaled down,
 * so that nothing is cut off.
 */
export function useFrameScale(width: FrameWidth) {
  const [pane, setPane] = useState(lastPane)
  const observe = useCallback((element: HTMLDivElement | null) => {
    if (!element) return
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return
      const { width, height } = entry.contentRect
      lastPane = { width: Math.floor(width) - bordersPx, height: Math.floor(height) - bordersPx }
      setPane(lastPane)
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  const fullSize: CSSProperties = { width: '100%', height: '100%' }
  if (pane === null || pane.width <= 0)
    return { observe, box: fullSize, frame: fullSize, percent: 100 }
  const { widthPx, scale } = fitToPane(pane, width)
  const frame: CSSProperties = {
    width: widthPx,
    height: `${100 / scale}%`,
    ...(scale < 1 ? { transform: `scale(${scale})`, transformOrigin: '0 0' } : {}),
  }
  const box = { width: widthPx * scale + bordersPx }
  return { observe, box, frame, percent: Math.round(scale * 100) }
}

/** The size in pixels that a frame will have in a pane of the last measured size. */
export function predictFrameSize(width: FrameWidth): Size {
  const pane = lastPane ?? { width: minDesktopWidth, height: minDesktopWidth }
  const { widthPx, scale } = fitToPane(pane, width)
  return { width: widthPx, height: Math.round(pane.height / scale) }
}

function fitToPane(pane: Size, width: FrameWidth) {
  const widthPx = frameWidths[width] ?? Math.max(pane.width, minDesktopWidth)
  return { widthPx, scale: Math.min(1, pane.width / widthPx) }
}
