import { create } from 'zustand'
import type { Storage } from '../../../src-main/contract/storage.ts'
import { request, requestContent } from '../../app/request.ts'
import { saveFile } from '../../app/save-file.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'

export const useStorage = create<{ storage: Load<Storage> }>(() => ({ storage: loading }))

export async function loadStorage(): Promise<void> {
  try {
    useStorage.setState({ storage: ready(await request('GET /v1/storage')) })
  } catch (cause) {
    useStorage.setState(({ storage }) =>
      storage.status === 'ready' ? {} : { storage: failed(cause) },
    )
  }
}

export async function downloadBackup(): Promise<void> {
  const response = await requestContent('GET /v1/backup')
  const [, name] =
    /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? []
  await saveFile(name ?? 'mailsage.db', await response.blob())
}

export async function restoreBackup(file: File): Promise<void> {
  await request('POST /v1/restore', { file })
  await loadStorage()
}

export async function cancelRestore(): Promise<void> {
  useStorage.setState({ storage: ready(await request('DELETE /v1/restore')) })
}

export async function releaseRestored(): Promise<void> {
  await request('POST /v1/outbox/restored/release')
  await loadStorage()
}

export async function cancelRestored(): Promise<void> {
  await request('DELETE /v1/outbox/restored')
  await loadStorage()
}

export async function compactAtStart(): Promise<void> {
  useStorage.setState({ storage: ready(await request('POST /v1/storage/tidy')) })
}
