import { Link2, Lock, LockOpen, Mail, TriangleAlert } from 'lucide-react'
import { useMemo } from 'react'
import { ExternalLink } from '../../../message/linked-text.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { CopyIcon } from '../../../ui/copy.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Empty, Failure } from '../../../ui/notice.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { openMessageLabels } from '../labels.ts'
import { useMessage } from '../message-store.ts'
import { loadTab } from '../message-tabs.ts'
import { type AnalyzedLink, analyzeLinks, type LinkFinding } from './link-analysis.ts'

export function LinksView() {
  const extract = useMessage((state) => state.extract)
  if (extract.status === 'failed') return <Failure failure={extract.failure} onRetry={loadTab} />
  if (extract.status !== 'ready') return <SkeletonRows count={4} height={56} />
  if (extract.value.links.length === 0) {
    return (
      <Empty icon={Link2} title={openMessageLabels.noLinks}>
        {openMessageLabels.noLinksAdvice}
      </Empty>
    )
  }
  return <LinkList links={extract.value.links} />
}

function LinkList({ links }: { links: Parameters<typeof analyzeLinks>[0] }) {
  const analyzed = useMemo(() => analyzeLinks(links), [links])
  const hosts = new Set(analyzed.map(({ host }) => host)).size
  const suspicious = analyzed.filter(({ findings }) => findings.some(isWarning)).length
  return (
    <div className="flex h-full flex-col">
      <p className="figures flex h-10 shrink-0 items-center gap-3 border-line border-b px-5 text-ink-faint">
        <span className="flex-1 truncate">
          {openMessageLabels.linkCount(analyzed.length, hosts)}
        </span>
        {suspicious > 0 && <Badge tone="warn">{openMessageLabels.linksToCheck(suspicious)}</Badge>}
      </p>
      <ul aria-label={openMessageLabels.links} className="min-h-0 flex-1 overflow-y-auto px-5 pb-4">
        {analyzed.map((link, index) => (
          <Row key={link.url} link={link} number={index + 1} />
        ))}
      </ul>
    </div>
  )
}

const isWarning = ({ kind }: LinkFinding): boolean => kind !== 'duplicate'

function Row({ link, number }: { link: AnalyzedLink; number: number }) {
  const { url, text, host, scheme, tracking, findings } = link
  return (
    <li className="flex gap-3 border-line border-b py-2.5 last:border-b-0">
      <span className="figures w-5 shrink-0 text-right text-ink-faint text-sm leading-5">
        {number}
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex min-w-0 items-center gap-2">
          <span dir="auto" className="min-w-0 truncate font-medium" title={text ?? ''}>
            {text ?? <span className="text-ink-faint">{openMessageLabels.plainTextLink}</span>}
          </span>
          <span className="flex shrink-0 items-center gap-1 text-ink-muted text-sm">
            <SchemeIcon scheme={scheme} />
            {host}
          </span>
        </p>
        <p className="break-all font-mono text-sm leading-5">
          <ExternalLink url={url}>{shorten(url)}</ExternalLink>
        </p>
        {tracking.length > 0 && (
          <p className="mt-1 flex flex-wrap items-center gap-1 text-ink-faint text-sm">
            {openMessageLabels.tracking}
            {tracking.map((name) => (
              <Badge key={name}>{name}</Badge>
            ))}
          </p>
        )}
        {findings.map((found) => (
          <p
            key={found.kind}
            className={`mt-1 flex items-start gap-1.5 text-sm ${isWarning(found) ? 'text-warn-ink' : 'text-ink-faint'}`}
          >
            <Icon
              of={isWarning(found) ? TriangleAlert : Link2}
              size={13}
              className="mt-0.5 shrink-0"
            />
            {found.sentence}
          </p>
        ))}
      </div>
      <CopyIcon text={url} label={openMessageLabels.copyLinkNumber(number)} />
    </li>
  )
}

function SchemeIcon({ scheme }: { scheme: string }) {
  if (scheme === 'mailto') return <Icon of={Mail} size={13} />
  const isSecure = scheme === 'https'
  return (
    <>
      <Icon
        of={isSecure ? Lock : LockOpen}
        size={13}
        className={isSecure ? 'text-sage-ink' : 'text-warn-ink'}
      />
      <span className="sr-only">
        {isSecure ? openMessageLabels.encrypted : openMessageLabels.notEncrypted}
      </span>
    </>
  )
}

const shorten = (url: string): string => (url.length > 300 ? `${url.slice(0, 300)}…` : url)
