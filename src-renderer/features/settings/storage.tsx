import { CircleAlert, DatabaseBackup, History, Upload } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Storage as StorageFacts } from '../../../src-main/contract/storage.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { CopyText } from '../../ui/copy.tsx'
import { formatBytes, formatMoment } from '../../ui/format.ts'
import { Failure, Note } from '../../ui/notice.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { heldWords, messageCount, RestoredQueue } from './restored-queue.tsx'
import { SettingRow } from './setting-row.tsx'
import {
  cancelRestore,
  downloadBackup,
  loadStorage,
  restoreBackup,
  tidyAtStart,
  useStorage,
} from './storage-store.ts'

const worthTidyingBytes = 1024 * 1024

export function Storage() {
  const storage = useStorage((state) => state.storage)
  useEffect(() => {
    void loadStorage()
  }, [])
  return (
    <Section title="Storage" description="Everything MailSage knows lies in one folder.">
      {storage.status === 'ready' && storage.value.pending_restore && (
        <Pending restore={storage.value.pending_restore} />
      )}
      {storage.status === 'ready' &&
        storage.value.problems.map(({ code, message }) => (
          <Note key={code} tone="danger" icon={CircleAlert}>
            {message}
          </Note>
        ))}
      {storage.status === 'ready' && storage.value.restored_queue && (
        <RestoredQueue restored={storage.value.restored_queue} />
      )}
      <Card>
        {storage.status === 'loading' && <SkeletonRows count={4} height={52} />}
        {storage.status === 'failed' && <Failure failure={storage.failure} onRetry={loadStorage} />}
        {storage.status === 'ready' && (
          <>
            <Facts facts={storage.value} />
            <Tidy facts={storage.value} />
            <Backup />
            <Restore messages={storage.value.messages} />
          </>
        )}
      </Card>
    </Section>
  )
}

function Facts({ facts }: { facts: StorageFacts }) {
  const { folder, database_bytes, index_bytes, index_percent, free_bytes, messages } = facts
  const rows = [
    ['Folder', folder],
    ['Database', `${formatBytes(database_bytes)}, ${messageCount(messages)}`],
    [
      'Search index',
      index_percent < 100
        ? `${formatBytes(index_bytes)}, knows ${index_percent} % of the messages so far`
        : formatBytes(index_bytes),
    ],
    ['Free on the disk', formatBytes(free_bytes)],
  ] as const
  return (
    <dl className="border-line border-b">
      {rows.map(([name, value]) => (
        <div
          key={name}
          className="grid h-8 grid-cols-[160px_1fr] items-center px-4 first:mt-1 last:mb-1"
        >
          <dt className="text-ink-muted">{name}</dt>
          <dd className="figures min-w-0 truncate">
            {name === 'Folder' ? (
              <CopyText text={value}>
                <span className="font-mono text-sm">{value}</span>
              </CopyText>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Tidy({ facts: { unused_bytes, tidies_at_start } }: { facts: StorageFacts }) {
  const note = tidies_at_start
    ? 'It is tidied when MailSage is started again.'
    : unused_bytes < worthTidyingBytes
      ? 'Nothing worth giving back: the room of deleted mail is used again.'
      : `${formatBytes(unused_bytes)} were left by deleted mail. They are used again by new mail, or given back to the disk when MailSage is started again.`
  return (
    <SettingRow name="Tidy" note={note}>
      <Button
        disabled={tidies_at_start || unused_bytes < worthTidyingBytes}
        onClick={() => tidyAtStart().catch(toastFailure)}
      >
        Tidy at next start
      </Button>
    </SettingRow>
  )
}

function Backup() {
  const [busy, setBusy] = useState(false)
  async function save() {
    setBusy(true)
    await downloadBackup().catch(toastFailure)
    setBusy(false)
  }
  return (
    <SettingRow
      name="Backup"
      note="One file with all messages, keys, templates and settings of relays, made while mail goes on coming in. Relay passwords in it open only with this folder’s vault key."
    >
      <Button icon={DatabaseBackup} busy={busy} onClick={save}>
        {busy ? 'Copying…' : 'Save a backup'}
      </Button>
    </SettingRow>
  )
}

function Restore({ messages }: { messages: number }) {
  const [file, setFile] = useState<File | null>(null)
  const input = useRef<HTMLInputElement>(null)
  return (
    <SettingRow
      name="Restore"
      note="A backup takes the place of everything here when MailSage is started again. It is checked first."
    >
      <input
        ref={input}
        type="file"
        aria-label="Backup file"
        accept=".db"
        className="hidden"
        onChange={(event) => {
          setFile(event.target.files?.[0] ?? null)
          event.target.value = ''
        }}
      />
      <Button icon={Upload} onClick={() => input.current?.click()}>
        Restore a backup…
      </Button>
      <Confirm
        open={file !== null}
        onClose={() => setFile(null)}
        title={`Restore “${file?.name ?? ''}”?`}
        action="Restore at next start"
        onConfirm={async () => {
          if (file) await restoreBackup(file)
          toast('The backup is checked and waits for the next start')
        }}
      >
        <p>
          At the next start {messageCount(messages)}, the keys, templates, webhooks and tenants of
          now give way to those of the backup. Keys that are not in it stop working.
        </p>
        <p>
          Messages that were accepted after the backup was made are lost, and so are those accepted
          until the next start. Live mail, jobs and webhook deliveries in the backup’s queue wait
          until you release them, since they may have been sent already.
        </p>
        <p>The database of now is kept beside it in the data folder, under its date.</p>
      </Confirm>
    </SettingRow>
  )
}

type PendingProps = { restore: NonNullable<StorageFacts['pending_restore']> }

function Pending({ restore }: PendingProps) {
  const { messages, bytes, uploaded_at, will_hold: held, will_lose: lost } = restore
  return (
    <Note tone="warn" icon={History}>
      <div className="flex items-center gap-4">
        <p className="flex-1">
          A backup with {messageCount(messages)} ({formatBytes(bytes)}), sent{' '}
          {formatMoment(uploaded_at)}, takes the place of everything here when MailSage is started
          again.{' '}
          {lost !== null && lost > 0 && (
            <>
              {messageCount(lost)} of now, and those accepted until then, are not in it and are
              lost.{' '}
            </>
          )}
          {held !== null && <>Its queue waits to be released: {heldWords(held)}.</>}
        </p>
        <Button onClick={() => cancelRestore().catch(toastFailure)}>Cancel restore</Button>
      </div>
    </Note>
  )
}
