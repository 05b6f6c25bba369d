import { Fragment, type ReactNode } from 'react'
import { linkKind } from '../../src-main/contract/link-schemes.ts'

const urlPattern = /\bhttps?:\/\/[^\s<>"'`\p{Cc}]{1,2000}|\bmailto:[^\s<>"']{3,300}/giu

/** Text with clickable URLs. Links open a new window; the desktop app asks first. */
export function LinkedText({ text, hits }: { text: string; hits: RegExp | null }) {
  const pieces: ReactNode[] = []
  let done = 0
  for (const { 0: found, index } of text.matchAll(urlPattern)) {
    const url = trimTrailingPunctuation(found)
    pieces.push(
      <Fragment key={index}>
        <HighlightedText text={text.slice(done, index)} hits={hits} />
        <ExternalLink url={url}>{url}</ExternalLink>
      </Fragment>,
    )
    done = index + url.length
  }
  pieces.push(<HighlightedText key="rest" text={text.slice(done)} hits={hits} />)
  return <>{pieces}</>
}

/** Punctuation after a URL belongs to the sentence. */
function trimTrailingPunctuation(address: string): string {
  let end = address.length
  while (end > 0 && '.,;:!?*_~|)]}'.includes(address.charAt(end - 1))) end -= 1
  return address.slice(0, end)
}

/** Highlights search hits. */
function HighlightedText({ text, hits }: { text: string; hits: RegExp | null }) {
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

/** A link to an allowed scheme; any other URL is plain text. */
export function ExternalLink({ url, children }: { url: string; children: ReactNode }) {
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
