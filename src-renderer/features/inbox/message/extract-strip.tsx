import { ArrowUpRight, KeyRound, Link2 } from 'lucide-react'
import { CopyButton, CopyIcon } from '../../../ui/copy.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Kbd } from '../../../ui/kbd.tsx'
import { openMessageLabels } from '../labels.ts'
import { useExtracted } from './extracted.ts'

/** The one-time code and the main link, ready to copy. */
export function ExtractStrip() {
  const { codes, link } = useExtracted()
  const [code, ...others] = codes
  if (!code && !link) return null
  return (
    <section
      aria-label={openMessageLabels.codeAndLink}
      className="mx-5 mb-3 flex min-w-0 shrink-0 flex-wrap items-center gap-x-6 gap-y-2 rounded-lg bg-sage-soft px-3 py-2"
    >
      {code && (
        <div className="flex min-w-0 flex-wrap items-center gap-2">
          <Icon of={KeyRound} className="shrink-0 text-sage-ink" />
          <span className="text-ink-muted">{openMessageLabels.code}</span>
          <span className="figures whitespace-nowrap font-mono font-semibold text-lg tracking-wide">
            {code}
          </span>
          <CopyButton text={code} label={openMessageLabels.copyCode} />
          <Kbd shortcut="c" />
          {others.length > 0 && (
            <span className="truncate text-ink-muted text-sm" title={others.join(', ')}>
              {openMessageLabels.otherCodes(others.slice(0, 2).join(', '))}
            </span>
          )}
        </div>
      )}
      {link && (
        <div className="flex min-w-0 flex-1 items-center gap-2">
          <Icon of={Link2} className="shrink-0 text-sage-ink" />
          <a
            href={link.url}
            target="_blank"
            rel="noopener noreferrer"
            title={link.url}
            className="flex min-w-0 items-center gap-1 rounded-sm font-medium text-sage-ink hover:underline"
          >
            <span className="truncate">{link.text ?? link.url}</span>
            <Icon of={ArrowUpRight} size={14} className="shrink-0" />
          </a>
          <Kbd shortcut="l" />
          <CopyIcon text={link.url} label={openMessageLabels.copyLink} />
        </div>
      )}
    </section>
  )
}
