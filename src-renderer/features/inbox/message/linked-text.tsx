import { Fragment, type ReactNode } from 'react'

const address = /\bhttps?:\/\/[^\s<>"'`\p{Cc}]{1,2000}|\bmailto:[^\s<>"']{3,300}/giu

/** Text whose addresses can be pressed; they leave by a new window, which the desktop asks about. */
export function Linked({ text }: { text: string }) {
  const pieces: ReactNode[] = []
  let done = 0
  for (const { 0: found, index } of text.matchAll(address)) {
    const url = found.replace(/[.,;:!?*_~|)\]}]+$/, '')
    pieces.push(
      <Fragment key={index}>
        {text.slice(done, index)}
        <OutsideLink url={url}>{url}</OutsideLink>
      </Fragment>,
    )
    done = index + url.length
  }
  pieces.push(text.slice(done))
  return <>{pieces}</>
}

export function OutsideLink({ url, children }: { url: string; children: ReactNode }) {
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      className="rounded-sm text-sage-ink underline decoration-sage/50 underline-offset-2 hover:decoration-current"
    >
      {children}
    </a>
  )
}
