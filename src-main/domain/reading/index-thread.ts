import { fileIdentity } from '../../base/file-identity.ts'
import { startThread } from '../../base/thread.ts'
import { databaseFile } from '../../storage/database.ts'
import type { StorageState } from '../../storage/storage-state.ts'
import {
  type IndexOrder,
  type IndexReply,
  type IndexResult,
  type IndexResultOf,
  isIndexResult,
} from './index-orders.ts'
import type { ReadingLimits } from './problems.ts'

export type IndexThread = ReturnType<typeof startIndexThread>

type ThreadDeps = {
  readonly folder: string
  readonly storage: StorageState
  readonly limits: ReadingLimits
  readonly onRebuilt: () => void
}

/** The thread that writes the search index. */
export function startIndexThread({ folder, storage, limits, onRebuilt }: ThreadDeps) {
  const thread = startThread<IndexOrder, IndexReply>(
    import.meta.url,
    'index-worker',
    { folder, identity: fileIdentity(databaseFile(folder)) },
    {
      maxRequestMs: limits.maxMessageMs,
      // One crash may have a cause outside the message.
      maxCrashes: 2,
      resourceLimits: { maxOldGenerationSizeMb: limits.maxMemoryMb },
    },
  )

  return {
    /** `type` is the result that the order has. */
    async ask<Type extends IndexResult['type']>(
      type: Type,
      order: IndexOrder,
    ): Promise<IndexResultOf<Type>> {
      const { result, isRebuilt } = await thread.ask(order).catch((error) => {
        throw storage.explain(error) ?? error
      })
      if (isRebuilt) onRebuilt()
      if (isIndexResult(result, type)) return result
      throw new Error(`The index thread answered ${result.type} instead of ${type}`)
    },

    close: thread.close,
  }
}
