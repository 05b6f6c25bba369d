import { isAbort, request } from '../../app/request.ts'
import { failed, type Load, ready } from '../../ui/load.ts'
import { markMessage } from './inbox-changes.ts'
import type { Parts } from './message-parts.ts'
import { displayStateOf, type FetchedMessage, fetchMessage } from './message-prefetch.ts'
import { beginRequests, blank, isRequested, requestSignal, useMessage } from './message-store.ts'
import { loadPart, showBody } from './message-tabs.ts'

/** Waits this long for the parts of a message, so that it renders once and does not shift. */
const maxWaitMs = 100
/** A message that loads longer shows a skeleton; until then the previous message stays. */
const skeletonDelayMs = 80

/** Opens a message; null closes it. Aborts the requests for the previous one. */
export async function openMessage(id: string | null): Promise<void> {
  if (isRequested(id)) return
  const signal = beginRequests(id)
  if (id === null) {
    useMessage.setState({ id, ...blank })
    return
  }
  const skeleton = setTimeout(() => {
    if (!signal.aborted) useMessage.setState({ id, ...blank })
  }, skeletonDelayMs)
  try {
    const { detail, parts } = await fetchMessage(id, signal)
    const loads = await partsInTime(parts)
    if (signal.aborted) return
    useMessage.setState({ id, ...blank, ...displayStateOf(detail), ...loads })
    for (const [part, read] of parts) if (!(part in loads)) void loadPart(part, () => read)
    void showBody()
    void markMessage(id, true)
  } catch (cause) {
    if (!isAbort(cause)) useMessage.setState({ id, ...blank, detail: failed(cause) })
  } finally {
    clearTimeout(skeleton)
  }
}

export function retryMessage(): void {
  const { id } = useMessage.getState()
  beginRequests(null)
  void openMessage(id)
}

/** Reloads the open message if it was opened before it was parsed. */
export function refreshMessage(): void {
  const { id, detail } = useMessage.getState()
  if (id === null || detail.status !== 'ready' || detail.value.snippet !== null) return
  void reloadMessage(id)
}

async function reloadMessage(id: string): Promise<void> {
  const signal = requestSignal()
  try {
    const detail = await request('GET /v1/inbox/{id}', { params: { id }, signal })
    if (signal.aborted) return
    useMessage.setState(displayStateOf(detail))
    await showBody()
  } catch (cause) {
    if (!isAbort(cause)) useMessage.setState({ detail: failed(cause) })
  }
}

/** The parts that load within `maxWaitMs`. */
async function partsInTime(parts: FetchedMessage['parts']): Promise<Partial<Parts>> {
  const loads: Partial<Record<keyof Parts, Load<unknown>>> = {}
  const all = parts.map(async ([part, read]) => {
    loads[part] = await read.then(ready, failed)
  })
  const late = new Promise((done) => setTimeout(done, maxWaitMs))
  await Promise.race([Promise.all(all), late])
  // The type of a list of readers does not tie each value to its part.
  return { ...loads } as Partial<Parts>
}
