import type { ReactNode } from 'react'
import type { EmailDetail } from '../../../src-main/contract/messages.ts'
import { Badge } from '../../ui/badge.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { CopyText } from '../../ui/copy.tsx'
import { formatExact } from '../../ui/format.ts'
import { sentLabels } from './labels.ts'

export function SentDetails({ message }: { message: EmailDetail }) {
  const { id, key_id, created_at, scheduled_at, delivered_at, tags, metadata } = message
  const hasMetadata = Object.keys(metadata).length > 0
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div tabIndex={0} className="h-full overflow-y-auto px-5 py-4 focus-visible:-outline-offset-2">
      <dl className="grid grid-cols-[112px_1fr] gap-y-1.5">
        <Item name={sentLabels.id}>
          <code className="text-sm">
            <CopyText text={id}>{id}</CopyText>
          </code>
        </Item>
        <Item name={sentLabels.key}>
          {key_id ? (
            <code className="text-sm">
              <CopyText text={key_id}>{key_id}</CopyText>
            </code>
          ) : (
            sentLabels.noKey
          )}
        </Item>
        <Item name={sentLabels.accepted}>{formatExact(created_at)}</Item>
        {scheduled_at && <Item name={sentLabels.scheduledFor}>{formatExact(scheduled_at)}</Item>}
        {delivered_at && <Item name={sentLabels.delivered}>{formatExact(delivered_at)}</Item>}
        <Item name={sentLabels.tags}>
          {tags.length === 0 ? (
            <span className="text-ink-faint">{sentLabels.noValue}</span>
          ) : (
            <span className="flex flex-wrap gap-1">
              {tags.map((tag) => (
                <Badge key={tag}>{tag}</Badge>
              ))}
            </span>
          )}
        </Item>
        <Item name={sentLabels.metadata}>
          {hasMetadata ? (
            <CodeBlock code={JSON.stringify(metadata, null, 2)} label={sentLabels.metadataCode} />
          ) : (
            <span className="text-ink-faint">{sentLabels.noValue}</span>
          )}
        </Item>
      </dl>
    </div>
  )
}

function Item({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="figures min-w-0 break-words">{children}</dd>
    </>
  )
}
