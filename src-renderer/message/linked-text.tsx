import { Fragment, type ReactNode } from 'react'
import { linkKind } from '../../src-main/contract/link-schemes.ts'

const address = /\bhttps?:\/\/[^\s<>"'`\p{Cc}]{1,2000}|\bmailto:[^\s<>"']{3,300}/giu

/** Text whose addresses can be pressed; they leave by a new window, which the desktop asks about. */
export function Linked({ text, hits }: { text: string; hits: RegExp | null }) {
  const pieces: ReactNode[] = []
  let done = 0
  for (const { 0: found, index } of text.matchAll(address)) {
    const url = withoutEnd(found)
    pieces.push(
      <Fragment key={index}>
        <Marked text={text.slice(done, index)} hits={hits} />
        <OutsideLink url={url}>{url}</OutsideLink>
      </Fragment>,
    )
    done = index + url.length
  }
  pieces.push(<Marked key="rest" text={text.slice(done)} hits={hits} />)
  return <>{pieces}</>
}

/** What follows an address belongs to the sentence around it. */
function withoutEnd(address: string): string {
  let end = address.length
  while (end > 0 && '.,;:!?*_~|)]}'.includes(address.charAt(end - 1))) end -= 1
  return address.slice(0, end)
}

/** What was searched for stands out. */
function Marked({ text, hits }: { text: string; hits: RegExp | null }) {
  if (hits === null) return text
  const pieces: ReactNode[] = []
  let done = 0
  for (const { 0: found, index } of text.matchAll(hits)) {
    pieces.push(
      <Fragment key={index}>
        {text.slice(done, index)}
        <mark className="rounded-sm bg-warn-soft text-warn-ink">{found}</mark>
      </Fragment>,
    )
    done = index + found.length
  }
  return [...pieces, text.slice(done)]
}

/** A link where a press may follow it, and its words alone where none may. */
export function OutsideLink({ url, children }: { url: string; children: ReactNode }) {
  if (linkKind(url) !== 'live') return <span>{children}</span>
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
