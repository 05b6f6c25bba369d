import type { ReactNode } from 'react'
import type { LineKind } from './source-lines.ts'
import { searchSource } from './source-search.ts'

type SourceLineProps = {
  line: string
  kind: LineKind
  /** Offset of the line in the source. */
  start: number
  search: string
  /** Offset of the current match. */
  current: number
}

export function SourceLine({ line, kind, start, search, current }: SourceLineProps) {
  if (search !== '') {
    const hits = searchSource(line, search)
    if (hits.length > 0) {
      return (
        <Row>
          {hits.map((hit, index) => (
            <span key={hit.start}>
              {line.slice(hits[index - 1]?.end ?? 0, hit.start)}
              <mark
                className={
                  start + hit.start === current
                    ? 'bg-sage text-on-sage'
                    : 'bg-warn-soft text-warn-ink'
                }
              >
                {line.slice(hit.start, hit.end)}
              </mark>
            </span>
          ))}
          {line.slice(hits.at(-1)?.end)}
        </Row>
      )
    }
  }
  if (kind === 'boundary') return <Row tone="text-test-ink">{line}</Row>
  if (kind === 'body') return <Row>{line}</Row>
  const name = kind === 'header' ? /^[\x21-\x39\x3b-\x7e]+:/.exec(line)?.[0] : undefined
  return (
    <Row>
      {name && <span className="text-sage-ink">{name}</span>}
      <EncodedWords text={line.slice(name?.length ?? 0)} />
    </Row>
  )
}

const encodedWord = /=\?[\w-]+(?:\*[\w-]+)?\?[bq]\?[^?\s]*\?=/gi

/** Highlights encoded words (RFC 2047). */
function EncodedWords({ text }: { text: string }) {
  const found = [...text.matchAll(encodedWord)]
  const ends = found.map(({ 0: word, index }) => index + word.length)
  return (
    <>
      {found.map(({ 0: word, index }, order) => (
        <span key={index}>
          {text.slice(ends[order - 1] ?? 0, index)}
          <span className="text-warn-ink">{word}</span>
        </span>
      ))}
      {text.slice(ends.at(-1) ?? 0)}
    </>
  )
}

function Row({ tone = '', children }: { tone?: string; children: ReactNode }) {
  return <span className={`pr-5 ${tone}`}>{children}</span>
}
