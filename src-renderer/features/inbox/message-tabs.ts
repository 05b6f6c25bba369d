import { isAbort } from '../../app/request.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { type Parts, partOf, type Read, readers, type Tab } from './message-parts.ts'
import { rememberTab } from './message-prefetch.ts'
import { type MessageState, requestSignal, useMessage } from './message-store.ts'

export function showTab(tab: Tab): void {
  rememberTab(tab)
  useMessage.setState({ tab })
  void showBody()
}

/** Fetches what the open tab shows, if it is not here yet. */
export async function loadTab(): Promise<void> {
  const { tab, detail } = useMessage.getState()
  const part = partOf(tab, detail.status === 'ready' ? detail.value : null)
  if (part !== null) await fill(part, readers[part])
}

/** A frame has its page still to come: it says itself when the rest may be read. */
export async function showBody(): Promise<void> {
  const { tab, detail } = useMessage.getState()
  await loadTab()
  if (detail.status === 'ready' && partOf(tab, detail.value) !== 'view') await loadExtract()
}

/** The code and the links: reading a large message for them must not hold up its body. */
export function loadExtract(): Promise<void> {
  return fill('extract', readers.extract)
}

/** Puts a part into the open message, unless it is there or on its way. */
export async function fill(part: keyof Parts, read: Read): Promise<void> {
  const { id, isRemoteAllowed, [part]: known } = useMessage.getState()
  if (id === null || known.status === 'loading' || known.status === 'ready') return
  const signal = requestSignal()
  let shown: Load<unknown> = { ...loading }
  useMessage.setState({ [part]: shown } as Partial<MessageState>)
  const set = (load: Load<unknown>) => {
    // Asked for anew in the meantime, in another colour scheme say: that answer counts.
    if (signal.aborted || useMessage.getState()[part] !== shown) return
    shown = load
    // `read` answers what this part holds; one setter for all of them cannot say so in types.
    useMessage.setState({ [part]: load } as Partial<MessageState>)
  }
  try {
    set(ready(await read({ params: { id }, signal, isRemoteAllowed })))
  } catch (cause) {
    if (!isAbort(cause)) set(failed(cause))
  }
}
