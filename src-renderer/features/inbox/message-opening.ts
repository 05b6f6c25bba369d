import { isAbort, request } from '../../app/request.ts'
import { failed, type Load, ready } from '../../ui/load.ts'
import { markMessage } from './inbox-changes.ts'
import type { Parts } from './message-parts.ts'
import { displayStateOf, type FetchedMessage, fetchMessage } from './message-prefetch.ts'
import { beginRequests, blank, isRequested, requestSignal, useMessage } from './message-store.ts'
import { fill, showBody } from './message-tabs.ts'

/** How long a message waits for its parts, so that it is drawn once and nothing moves. */
const maxWaitMs = 100
/** A message that takes longer shows its outline; until then what was shown stays. */
const patienceMs = 80

/** Opens a message, or with null none. What was asked for the one before is dropped. */
export async function openMessage(id: string | null): Promise<void> {
  if (isRequested(id)) return
  const signal = beginRequests(id)
  if (id === null) {
    useMessage.setState({ id, ...blank })
    return
  }
  const patience = setTimeout(() => {
    if (!signal.aborted) useMessage.setState({ id, ...blank })
  }, patienceMs)
  try {
    const { detail, parts } = await fetchMessage(id, signal)
    const loads = await settled(parts)
    if (signal.aborted) return
    useMessage.setState({ id, ...blank, ...displayStateOf(detail), ...loads })
    for (const [part, read] of parts) if (!(part in loads)) void fill(part, () => read)
    void showBody()
    void markMessage(id, true)
  } catch (cause) {
    if (!isAbort(cause)) useMessage.setState({ id, ...blank, detail: failed(cause) })
  } finally {
    clearTimeout(patience)
  }
}

export function retryMessage(): void {
  const { id } = useMessage.getState()
  beginRequests(null)
  void openMessage(id)
}

/** Reads the open message again when it was opened before it was parsed. */
export function refreshMessage(): void {
  const { id, detail } = useMessage.getState()
  if (id === null || detail.status !== 'ready' || detail.value.snippet !== null) return
  void readAgain(id)
}

async function readAgain(id: string): Promise<void> {
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

/** What comes soon enough to be drawn with the message, and not after it. */
async function settled(parts: FetchedMessage['parts']): Promise<Partial<Parts>> {
  const loads: Partial<Record<keyof Parts, Load<unknown>>> = {}
  const all = parts.map(async ([part, read]) => {
    loads[part] = await read.then(ready, failed)
  })
  const late = new Promise((done) => setTimeout(done, maxWaitMs))
  await Promise.race([Promise.all(all), late])
  // Each reader answers what its part holds; a list of them cannot say so in types.
  return { ...loads } as Partial<Parts>
}
