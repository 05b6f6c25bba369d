import { type CSSProperties, useCallback, useState } from 'react'
import { type FrameWidth, frameWidths } from './view-choices.ts'

/** What desktop programs give a message at least; newsletters are made for it. */
const narrowestDesktop = 640
const bordersPx = 2

/** Of the pane when it was last seen: what a frame begins with is mostly right. */
let lastPanePx: number | null = null

/**
 * How a message's frame lies in its pane: at the width that was chosen, and where that is more than
 * there is room for, made smaller as a whole, so that nothing is cut off.
 */
export function useFrameFit(width: FrameWidth) {
  const [panePx, setPane] = useState(lastPanePx)
  const observe = useCallback((pane: HTMLDivElement | null) => {
    if (!pane) return
    const observer = new ResizeObserver(([entry]) => {
      lastPanePx = Math.floor(entry?.contentRect.width ?? 0) - bordersPx
      setPane(lastPanePx)
    })
    observer.observe(pane)
    return () => observer.disconnect()
  }, [])

  const whole: CSSProperties = { width: '100%', height: '100%' }
  if (panePx === null || panePx <= 0) return { observe, box: whole, frame: whole, percent: 100 }
  const framePx = frameWidths[width] ?? Math.max(panePx, narrowestDesktop)
  const scale = Math.min(1, panePx / framePx)
  const frame: CSSProperties = {
    width: framePx,
    height: `${100 / scale}%`,
    ...(scale < 1 ? { transform: `scale(${scale})`, transformOrigin: '0 0' } : {}),
  }
  const box = { width: framePx * scale + bordersPx }
  return { observe, box, frame, percent: Math.round(scale * 100) }
}
