import type { MimeDigest } from '../../mime/digest.ts'
import type { ReadingProblem } from './problems.ts'

/** The position and type of each part in the raw bytes of a message. */
export type MessageParts = Omit<MimeDigest, 'text' | 'snippet' | 'fileNames'>

export type IndexOrder =
  /** Removes digests of deleted messages, from this message id on. */
  | { readonly type: 'tidy'; readonly after: number }
  /** Indexes the next batch. */
  | { readonly type: 'index' }
  /** Asks for the next message that is not indexed. */
  | { readonly type: 'next' }
  | { readonly type: 'index-one'; readonly id: number }
  /** Indexes a message without its body. */
  | { readonly type: 'skip'; readonly id: number; readonly problem: ReadingProblem }
  | { readonly type: 'forget'; readonly ids: readonly number[] }
  /** Deletes the index and begins again. */
  | { readonly type: 'rebuild' }

export type IndexResult =
  | { readonly type: 'indexed'; readonly count: number }
  /** Null when every message is indexed. */
  | { readonly type: 'next'; readonly id: number | null }
  /** The last digest checked; null at the end of the index. */
  | { readonly type: 'tidied'; readonly through: number | null }
  | { readonly type: 'done' }

export type IndexReply = {
  readonly result: IndexResult
  /** The index was damaged or missing, and begins again. */
  readonly isRebuilt: boolean
}

export type IndexResultOf<Type> = IndexResult & { readonly type: Type }

export function isIndexResult<Type extends IndexResult['type']>(
  result: IndexResult,
  type: Type,
): result is IndexResultOf<Type> {
  return result.type === type
}
