import { requestContent } from '../app/request.ts'
import { saveFile } from '../app/save-file.ts'
import type { MessageBase } from './part-readers.ts'

/** Saves the exact bytes; the source view may have replaced bytes that are not UTF-8. */
export async function downloadSource(base: MessageBase, id: string): Promise<void> {
  const response = await requestContent(`GET /v1/${base}/{id}/raw`, { params: { id } })
  await saveFile(`${id}.eml`, await response.blob())
}
