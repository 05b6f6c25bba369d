import { type CSSProperties, useCallback, useState } from 'react'
import { type FrameWidth, frameWidths } from './view-choices.ts'

/** What desktop programs give a message at least; newsletters are made for it. */
const narrowestDesktop = 640
const bordersPx = 2

type Size = { readonly width: number; readonly height: number }

/** The pane when it was last seen: what a frame begins with is mostly right. */
let lastPane: Size | null = null

/**
 * How a message's frame lies in its pane: at the width that was chosen, and where that is more than
 * there is room for, made smaller as a whole, so that nothing is cut off.
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

  const whole: CSSProperties = { width: '100%', height: '100%' }
  if (pane === null || pane.width <= 0) return { observe, box: whole, frame: whole, percent: 100 }
  const { widthPx, scale } = fitted(pane, width)
  const frame: CSSProperties = {
    width: widthPx,
    height: `${100 / scale}%`,
    ...(scale < 1 ? { transform: `scale(${scale})`, transformOrigin: '0 0' } : {}),
  }
  const box = { width: widthPx * scale + bordersPx }
  return { observe, box, frame, percent: Math.round(scale * 100) }
}

/** The size in pixels that a frame will have, should the pane stay as it was last seen. */
export function predictFrameSize(width: FrameWidth): Size {
  const pane = lastPane ?? { width: narrowestDesktop, height: narrowestDesktop }
  const { widthPx, scale } = fitted(pane, width)
  return { width: widthPx, height: Math.round(pane.height / scale) }
}

function fitted(pane: Size, width: FrameWidth) {
  const widthPx = frameWidths[width] ?? Math.max(pane.width, narrowestDesktop)
  return { widthPx, scale: Math.min(1, pane.width / widthPx) }
}
