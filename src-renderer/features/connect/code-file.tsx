import { CopyButton } from '../../ui/copy.tsx'
import { colourCode, type Piece } from './colour-code.ts'
import type { Syntax } from './snippets/sample.ts'

const styles: Readonly<Record<Piece['kind'], string>> = {
  plain: '',
  comment: 'text-ink-faint italic',
  string: 'text-sage-ink',
  word: 'text-test-ink',
}

type CodeFileProps = { name: string; code: string; syntax: Syntax }

/** A named code file with a copy button. */
export function CodeFile({ name, code, syntax }: CodeFileProps) {
  return (
    <figure aria-label={name} className="overflow-hidden rounded-lg border border-line">
      <figcaption className="flex h-10 items-center gap-2 border-line border-b bg-sunken pr-1.5 pl-3">
        <code className="min-w-0 flex-1 truncate text-ink-muted text-sm">{name}</code>
        <CopyButton text={code} />
      </figcaption>
      <pre
        // Wide code scrolls, so the region must be reachable by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region
        tabIndex={0}
        className="overflow-x-auto px-3 py-2.5 text-sm leading-5 focus-visible:-outline-offset-2"
      >
        {colourCode(code, syntax).map(({ text, kind }, index) => (
          // Pieces have no id but their index.
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces are never reordered
          <span key={index} className={styles[kind]}>
            {text}
          </span>
        ))}
      </pre>
    </figure>
  )
}
