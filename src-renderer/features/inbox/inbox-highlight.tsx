import { Fragment } from 'react'

/** Text with search hits highlighted. */
export function Marked({ text, highlight }: { text: string; highlight: RegExp | null }) {
  if (highlight === null) return text
  const pieces = text.split(highlight)
  if (pieces.length === 1) return text
  return pieces.map((piece, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
      <mark key={index} className="rounded-sm bg-warn-soft text-warn-ink">
        {piece}
      </mark>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
      <Fragment key={index}>{piece}</Fragment>
    ),
  )
}
