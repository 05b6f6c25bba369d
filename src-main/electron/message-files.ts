import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { app, dialog, nativeImage, type WebContents } from 'electron'
import { consoleCaller } from '../domain/auth/caller.ts'
import type { Domain } from '../domain/domain.ts'
import { checkSize } from '../domain/messages/accept.ts'
import type { Target } from './bridge.ts'

/** Imports the opened files; returns the location of the last message. */
export async function importFiles(
  domain: Domain,
  files: readonly string[],
): Promise<Target | null> {
  let last: Target | null = null
  const refused: string[] = []
  for (const file of files) {
    try {
      checkSize((await stat(file)).size)
      const { id } = await domain.imports.file(consoleCaller, await readFile(file))
      last = { screen: 'inbox', id }
    } catch (error) {
      refused.push(`${basename(file)}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (refused.length > 0) {
    const message = 'Some files could not be imported.'
    void dialog.showMessageBox({ type: 'warning', message, detail: refused.join('\n') })
  }
  return last
}

/** Files of drags stay here until the app ends, since no event says when one was read. */
let dragFolder: string | null = null

export async function dragMessage(domain: Domain, page: WebContents, id: string): Promise<void> {
  const raw = await domain.inbox.contentOf(consoleCaller, id).raw()
  dragFolder ??= mkdtempSync(join(app.getPath('temp'), 'mailsage-drag-'))
  const file = join(dragFolder, `${id}.eml`)
  writeFileSync(file, raw, { mode: 0o600 })
  const icon = nativeImage.createFromPath(join(app.getAppPath(), 'resources/icon.png'))
  page.startDrag({ file, icon: icon.resize({ width: 48, height: 48 }) })
}

export function forgetDrags(): void {
  if (dragFolder !== null) rmSync(dragFolder, { recursive: true, force: true })
}
