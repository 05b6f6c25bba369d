import { useEffect, useState } from 'react'
import type { AttachedMessage } from '../../src-main/contract/messages.ts'
import type { Address } from '../../src-main/contract/wire.ts'
import { formatBytes, formatExact } from '../ui/format.ts'
import { failed, type Load, loading, ready } from '../ui/load.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { messageLabels } from './labels.ts'

export type ReadAttached = (index: number, signal: AbortSignal) => Promise<AttachedMessage>

type AttachedMessageViewProps = { read: (signal: AbortSignal) => Promise<AttachedMessage> }

/** A message inside a message: its header, its text and the names of its files. */
export function AttachedMessageView({ read }: AttachedMessageViewProps) {
  const message = useAttached(read)
  if (message.status === 'failed')
    return <p className="text-danger-ink">{message.failure.message}</p>
  if (message.status !== 'ready') return <Skeleton className="h-24 w-full" />
  const { subject, from, to, cc, date, text, attachment_list: files } = message.value
  const title = subject || messageLabels.noSubject
  return (
    <section
      aria-label={messageLabels.attachedMessage(title)}
      className="rounded-md border border-line bg-sunken px-3 py-2 text-sm leading-5"
    >
      <p className="font-medium">
        <bdi>{title}</bdi>
      </p>
      <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 text-ink-muted">
        <Line name={messageLabels.from} value={people(from === null ? [] : [from])} />
        <Line name={messageLabels.to} value={people(to)} />
        <Line name={messageLabels.cc} value={people(cc)} />
        <Line name={messageLabels.date} value={date === null ? '' : formatExact(date)} />
        <Line name={messageLabels.attachments} value={files.map(nameOf).join(', ')} />
      </dl>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long text scrolls, so it must take keyboard focus
        tabIndex={0}
        className="mt-2 max-h-80 overflow-auto whitespace-pre-wrap break-words border-line border-t pt-2"
      >
        {text.trim() || messageLabels.noText}
      </pre>
    </section>
  )
}

function Line({ name, value }: { name: string; value: string }) {
  if (value === '') return null
  return (
    <>
      <dt>{name}</dt>
      <dd className="min-w-0 break-words text-ink">
        <bdi>{value}</bdi>
      </dd>
    </>
  )
}

const people = (list: readonly Address[]): string =>
  list.map(({ name, address }) => (name ? `${name} <${address}>` : address)).join(', ')

const nameOf = ({
  filename,
  content_type,
  size_bytes,
}: AttachedMessage['attachment_list'][number]) =>
  `${filename ?? content_type} (${formatBytes(size_bytes)})`

function useAttached(read: AttachedMessageViewProps['read']): Load<AttachedMessage> {
  const [message, setMessage] = useState<Load<AttachedMessage>>(loading)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` reads the same attachment on every render
  useEffect(() => {
    const controller = new AbortController()
    read(controller.signal).then(
      (value) => !controller.signal.aborted && setMessage(ready(value)),
      (cause) => !controller.signal.aborted && setMessage(failed(cause)),
    )
    return () => controller.abort()
  }, [])
  return message
}
