import type { Extract } from '../../contract/wait.ts'
import type { MimeDigest } from '../../mime/digest.ts'
import type { EncodedPart } from '../../mime/encoded-part.ts'
import type { MimePart } from '../../mime/structure.ts'
import type { Readable } from './extract.ts'
import type { ViewFacts } from './view-facts.ts'
import type { PageSource } from './view-page.ts'

export type ReadOrder =
  | { readonly type: 'digest' | 'tree'; readonly id: number }
  /** Parses a message without a row. */
  | { readonly type: 'parse'; readonly raw: Uint8Array }
  | { readonly type: 'text'; readonly html: string }
  | { readonly type: 'extract'; readonly readable: Readable }
  | { readonly type: 'page'; readonly source: PageSource }
  | { readonly type: 'facts'; readonly html: readonly EncodedPart[] }

/** `digest` and `tree` are null for a deleted message. */
export type ReadReply =
  | { readonly type: 'digest'; readonly digest: MimeDigest | null }
  | { readonly type: 'tree'; readonly tree: readonly TreePart[] | null }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'extract'; readonly extract: Extract }
  | { readonly type: 'page'; readonly page: Uint8Array }
  | { readonly type: 'facts'; readonly facts: ViewFacts }

/** A part of the MIME tree. A list holds each part before its children. */
export type TreePart = Omit<MimePart, 'parameters' | 'children'> & {
  /** After decoding. */
  readonly sizeBytes: number
}

export type ReadReplyOf<Type> = ReadReply & { readonly type: Type }

export function isReadReply<Type extends ReadReply['type']>(
  reply: ReadReply,
  type: Type,
): reply is ReadReplyOf<Type> {
  return reply.type === type
}
