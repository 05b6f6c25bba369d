import { type CSSProperties, useEffect, useLayoutEffect, useRef } from 'react'
import { mountFrame } from './frame-preload.ts'

type SandboxedFrameProps = {
  url: string
  isDark: boolean
  style: CSSProperties
  /** The page has loaded. */
  onShown?: (() => void) | undefined
}

/** A message's page. The iframe is mounted without React, which cannot move a loaded iframe. */
export function SandboxedFrame({ url, isDark, style, onShown }: SandboxedFrameProps) {
  const parent = useRef<HTMLDivElement>(null)
  const shown = useRef(onShown)
  useEffect(() => {
    shown.current = onShown
  })
  useLayoutEffect(() => {
    if (!parent.current) return
    const { element, isLoaded } = mountFrame(url, parent.current)
    const onLoaded = () => {
      if (!element.isConnected) return
      scrollToFirstHit(element)
      shown.current?.()
    }
    // After the first paint, because `onShown` starts further work.
    if (isLoaded) requestAnimationFrame(() => setTimeout(onLoaded))
    else element.addEventListener('load', onLoaded)
    return () => element.remove()
  }, [url])
  return (
    <div
      ref={parent}
      style={style}
      className={isDark ? '[color-scheme:dark]' : '[color-scheme:light]'}
    />
  )
}

/**
 * A short page may be laid out and scrolled to its first hit before its frame has its final size.
 * Scrolls to the hit again two frames later.
 */
function scrollToFirstHit(frame: HTMLIFrameElement): void {
  if (!new URL(frame.src).hash) return
  requestAnimationFrame(() =>
    requestAnimationFrame(() => frame.contentWindow?.location.replace(frame.src)),
  )
}
