import { loadPart as loadInto } from '../../message/load-part.ts'
import type { ReadPart } from '../../message/part-readers.ts'
import type { Load } from '../../ui/load.ts'
import { type Parts, partOf, readers, type Tab } from './message-parts.ts'
import { rememberTab } from './message-prefetch.ts'
import { type MessageState, requestSignal, useMessage } from './message-store.ts'

export function showTab(tab: Tab): void {
  rememberTab(tab)
  useMessage.setState({ tab })
  void showBody()
}

/** Loads the content of the open tab, if it is not loaded. */
export async function loadTab(): Promise<void> {
  const { tab, detail } = useMessage.getState()
  const part = partOf(tab, detail.status === 'ready' ? detail.value : null)
  if (part !== null) await loadPart(part, readers[part])
}

/** Loads the tab, then codes and links. The HTML view triggers them itself, after its page has loaded. */
export async function showBody(): Promise<void> {
  const { tab, detail } = useMessage.getState()
  await loadTab()
  if (detail.status === 'ready' && partOf(tab, detail.value) !== 'view') await loadExtract()
}

/** Loads codes and links, after the body, because a large message takes time to search. */
export function loadExtract(): Promise<void> {
  return loadPart('extract', readers.extract)
}

/** Loads a part of the open message. */
export async function loadPart(part: keyof Parts, read: ReadPart): Promise<void> {
  const { id, isRemoteAllowed } = useMessage.getState()
  if (id === null) return
  const signal = requestSignal()
  const slot = {
    get: () => useMessage.getState()[part],
    // The type of one setter for all parts does not tie the value to its part.
    set: (load: Load<unknown>) => useMessage.setState({ [part]: load } as Partial<MessageState>),
  }
  await loadInto(slot, signal, () => read({ params: { id }, signal, isRemoteAllowed }))
}
