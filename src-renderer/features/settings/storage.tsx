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
import { settingsLabels } from './labels.ts'
import { RestoredQueue } from './restored-queue.tsx'
import { SettingRow } from './setting-row.tsx'
import {
  cancelRestore,
  compactAtStart,
  downloadBackup,
  loadStorage,
  restoreBackup,
  useStorage,
} from './storage-store.ts'

const minReclaimableBytes = 1024 * 1024

export function Storage() {
  const storage = useStorage((state) => state.storage)
  useEffect(() => {
    void loadStorage()
  }, [])
  return (
    <Section title={settingsLabels.sections.storage} description={settingsLabels.storage.hint}>
      {storage.status === 'ready' && storage.value.pending_restore && (
        <PendingRestore restore={storage.value.pending_restore} />
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
            <ReclaimSpace facts={storage.value} />
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
    [settingsLabels.storage.folder, folder],
    [
      settingsLabels.storage.database,
      settingsLabels.storage.databaseSize(database_bytes, messages),
    ],
    [settingsLabels.storage.index, settingsLabels.storage.indexSize(index_bytes, index_percent)],
    [settingsLabels.storage.free, formatBytes(free_bytes)],
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
            {name === settingsLabels.storage.folder ? (
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

function ReclaimSpace({ facts: { unused_bytes, tidies_at_start } }: { facts: StorageFacts }) {
  const note = tidies_at_start
    ? settingsLabels.storage.reclaimScheduled
    : unused_bytes < minReclaimableBytes
      ? settingsLabels.storage.nothingToReclaim
      : settingsLabels.storage.reclaimable(unused_bytes)
  return (
    <SettingRow name={settingsLabels.storage.reclaim} note={note}>
      <Button
        disabled={tidies_at_start || unused_bytes < minReclaimableBytes}
        onClick={() => compactAtStart().catch(toastFailure)}
      >
        {settingsLabels.storage.reclaimAtStart}
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
    <SettingRow name={settingsLabels.storage.backup} note={settingsLabels.storage.backupHint}>
      <Button icon={DatabaseBackup} busy={busy} onClick={save}>
        {busy ? settingsLabels.storage.saving : settingsLabels.storage.saveBackup}
      </Button>
    </SettingRow>
  )
}

function Restore({ messages }: { messages: number }) {
  const [file, setFile] = useState<File | null>(null)
  const input = useRef<HTMLInputElement>(null)
  return (
    <SettingRow name={settingsLabels.storage.restore} note={settingsLabels.storage.restoreHint}>
      <input
        ref={input}
        type="file"
        aria-label={settingsLabels.storage.backupFile}
        accept=".db"
        className="hidden"
        onChange={(event) => {
          setFile(event.target.files?.[0] ?? null)
          event.target.value = ''
        }}
      />
      <Button icon={Upload} onClick={() => input.current?.click()}>
        {settingsLabels.storage.restoreAction}
      </Button>
      <Confirm
        open={file !== null}
        onClose={() => setFile(null)}
        title={settingsLabels.storage.restoreTitle(file?.name ?? '')}
        action={settingsLabels.storage.restoreAtStart}
        onConfirm={async () => {
          if (file) await restoreBackup(file)
          toast(settingsLabels.storage.restoreScheduled)
        }}
      >
        <p>{settingsLabels.storage.restoreReplaces(messages)}</p>
        <p>{settingsLabels.storage.restoreLoses}</p>
        <p>{settingsLabels.storage.restoreKeeps}</p>
      </Confirm>
    </SettingRow>
  )
}

type PendingProps = { restore: NonNullable<StorageFacts['pending_restore']> }

function PendingRestore({ restore }: PendingProps) {
  const { messages, bytes, uploaded_at, will_hold: held, will_lose: lost } = restore
  return (
    <Note tone="warn" icon={History}>
      <div className="flex items-center gap-4">
        <p className="flex-1">
          {settingsLabels.storage.pending(messages, bytes, formatMoment(uploaded_at))}{' '}
          {lost !== null && lost > 0 && settingsLabels.storage.pendingLoses(lost)}
          {held !== null && settingsLabels.storage.pendingHolds(held)}
        </p>
        <Button onClick={() => cancelRestore().catch(toastFailure)}>
          {settingsLabels.storage.cancelRestore}
        </Button>
      </div>
    </Note>
  )
}
