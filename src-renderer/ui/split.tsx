import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react'

type SplitProps = {
  /** Key under which the width is stored. */
  name: string
  label: string
  initial: number
  min: number
  max: number
  /** Null hides the pane; the right one stays mounted. */
  left: ReactNode
  right: ReactNode
}

/** Two panes with a divider that can be dragged or moved with the arrow keys. */
export function Split({ name, label, initial, min, max, left, right }: SplitProps) {
  const storageKey = `mailsage.width.${name}`
  const [width, setWidth] = useState(() => Number(localStorage.getItem(storageKey)) || initial)
  const shown = clamp(width)

  function clamp(value: number): number {
    return Math.min(max, Math.max(min, value))
  }

  function keep(value: number) {
    setWidth(clamp(value))
    localStorage.setItem(storageKey, String(clamp(value)))
  }

  function onPointerDown(event: PointerEvent<HTMLElement>) {
    const startX = event.clientX
    const bar = event.currentTarget
    bar.setPointerCapture(event.pointerId)
    const onMove = (move: globalThis.PointerEvent) => keep(shown + move.clientX - startX)
    bar.addEventListener('pointermove', onMove)
    bar.addEventListener(
      'lostpointercapture',
      () => bar.removeEventListener('pointermove', onMove),
      {
        once: true,
      },
    )
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    event.preventDefault()
    keep(shown + (event.key === 'ArrowLeft' ? -16 : 16))
  }

  return (
    <div className="flex h-full min-w-0">
      {left !== null && (
        <>
          {/* In a narrow window the right pane keeps its minimum width. */}
          <div
            className="h-full shrink-0"
            style={{ width: `min(${shown}px, max(45%, 100% - 420px))` }}
          >
            {left}
          </div>
          {/* biome-ignore lint/a11y/useSemanticElements: a rule cannot be dragged; this is a window splitter */}
          <div
            role="separator"
            aria-orientation="vertical"
            aria-label={label}
            aria-valuenow={shown}
            aria-valuemin={min}
            aria-valuemax={max}
            tabIndex={0}
            onPointerDown={onPointerDown}
            onDoubleClick={() => keep(initial)}
            onKeyDown={onKeyDown}
            className="relative z-10 -mx-[3px] w-[7px] shrink-0 cursor-col-resize touch-none after:absolute after:inset-y-0 after:left-[3px] after:w-px after:bg-line hover:after:bg-control"
          />
        </>
      )}
      <div className="h-full min-w-0 flex-1">{right}</div>
    </div>
  )
}
