import { CopyButton } from '../../ui/copy.tsx'
import { colourCode, type Piece } from './colour-code.ts'
import type { Syntax } from './snippets/sample.ts'

const looks: Readonly<Record<Piece['kind'], string>> = {
  plain: '',
  comment: 'text-ink-faint italic',
  string: 'text-sage-ink',
  word: 'text-test-ink',
}

type CodeFileProps = { name: string; code: string; syntax: Syntax }

/** A file to copy, with its name above it. */
export function CodeFile({ name, code, syntax }: CodeFileProps) {
  return (
    <figure aria-label={name} className="overflow-hidden rounded-lg border border-line">
      <figcaption className="flex h-10 items-center gap-2 border-line border-b bg-sunken pr-1.5 pl-3">
        <code className="min-w-0 flex-1 truncate text-ink-muted text-sm">{name}</code>
        <CopyButton text={code} />
      </figcaption>
      <pre
        // Wide code scrolls, so the keyboard must reach it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region
        tabIndex={0}
        className="overflow-x-auto px-3 py-2.5 text-sm leading-5 focus-visible:-outline-offset-2"
      >
        {colourCode(code, syntax).map(({ text, kind }, index) => (
          // Pieces are told apart by their place alone.
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces are never reordered
          <span key={index} className={looks[kind]}>
            {text}
          </span>
        ))}
      </pre>
    </figure>
  )
}
