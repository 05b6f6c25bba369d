import { isAbort } from '../app/request.ts'
import { failed, type Load, loading, ready } from '../ui/load.ts'

/** Access to one part of a message in a store. */
type PartSlot = {
  readonly get: () => Load<unknown>
  readonly set: (load: Load<unknown>) => void
}

/** Loads a part, unless it is loaded or loading. A newer request for the same part wins. */
export async function loadPart(
  slot: PartSlot,
  signal: AbortSignal,
  read: () => Promise<unknown>,
): Promise<void> {
  const { status } = slot.get()
  if (status === 'loading' || status === 'ready') return
  const pending: Load<unknown> = { ...loading }
  slot.set(pending)
  const finish = (load: Load<unknown>) => {
    if (!signal.aborted && slot.get() === pending) slot.set(load)
  }
  try {
    finish(ready(await read()))
  } catch (cause) {
    if (!isAbort(cause)) finish(failed(cause))
  }
}
