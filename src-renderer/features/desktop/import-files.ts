import { request } from '../../app/request.ts'
import { go } from '../../app/router.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { desktopLabels } from './labels.ts'

/** Imports message files into the inbox `imports`, one at a time. */
export async function importFiles(files: readonly File[]): Promise<void> {
  const messages = files.filter(({ name }) => /\.eml$/i.test(name))
  if (messages.length === 0) {
    toast(desktopLabels.onlyEml, { tone: 'failure' })
    return
  }
  let last: string | null = null
  let count = 0
  for (const file of messages) {
    try {
      const body = new Uint8Array(await file.arrayBuffer())
      last = (await request('POST /v1/inbox/import', { body })).id
      count += 1
    } catch (cause) {
      toastFailure(cause)
    }
  }
  if (last === null) return
  const id = last
  toast(desktopLabels.imported(count), {
    action: { label: desktopLabels.showImported, run: () => go('inbox', id) },
  })
}

/** Opens the browser's file picker. */
export function chooseFiles(): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = '.eml,message/rfc822'
  input.multiple = true
  input.addEventListener('change', () => void importFiles([...(input.files ?? [])]))
  input.click()
}
