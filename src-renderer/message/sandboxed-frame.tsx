import { type CSSProperties, useEffect, useLayoutEffect, useRef } from 'react'
import { mountFrame } from './frame-preload.ts'

type SandboxedFrameProps = {
  url: string
  isDark: boolean
  style: CSSProperties
  /** The page has loaded. */
  onShown?: (() => void) | undefined
}

/** A message's page. Its frame is put in by hand: React cannot move one that has loaded already. */
export function SandboxedFrame({ url, isDark, style, onShown }: SandboxedFrameProps) {
  const place = useRef<HTMLDivElement>(null)
  const shown = useRef(onShown)
  useEffect(() => {
    shown.current = onShown
  })
  useLayoutEffect(() => {
    if (!place.current) return
    const { element, isLoaded } = mountFrame(url, place.current)
    const tell = () => {
      if (!element.isConnected) return
      showFirstHit(element)
      shown.current?.()
    }
    // Once it has been drawn: what is read next must not hold it up.
    if (isLoaded) requestAnimationFrame(() => setTimeout(tell))
    else element.addEventListener('load', tell)
    return () => element.remove()
  }, [url])
  return (
    <div
      ref={place}
      style={style}
      className={isDark ? '[color-scheme:dark]' : '[color-scheme:light]'}
    />
  )
}

/**
 * A short page can be laid out, and scrolled to its first hit, before it has heard how large its frame
 * is, and then stands somewhere else. Once both have been drawn, it goes there again.
 */
function showFirstHit(frame: HTMLIFrameElement): void {
  if (!new URL(frame.src).hash) return
  requestAnimationFrame(() =>
    requestAnimationFrame(() => frame.contentWindow?.location.replace(frame.src)),
  )
}
