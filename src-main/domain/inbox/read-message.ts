import { isoOrNull } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import type { MessagePart } from '../../contract/message-parts.ts'
import type { InboxMessage, InboxMessageDetail } from '../../contract/messages.ts'
import type { Address } from '../../contract/wire.ts'
import { parseAddresses } from '../../mime/addresses.ts'
import type { Caller } from '../auth/caller.ts'
import { requireFound, summaryOf } from '../reading/message-contents.ts'
import { problemSentence } from '../reading/problems.ts'
import type { TreePart } from '../reading/read-orders.ts'
import { type DetailRow, toInboxMessage } from './rows.ts'
import type { InboxDeps } from './store.ts'

type ReadDeps = Pick<InboxDeps, 'store' | 'contents' | 'keys' | 'indexing'>

/** One row of the list. */
export async function readSummary(
  { store, contents, keys }: ReadDeps,
  caller: Caller,
  publicId: string,
): Promise<InboxMessage> {
  const row = store.find(caller, publicId)
  const { snippet, parts } = await contents.ofRow(row.id).indexed()
  return toInboxMessage({ ...row, snippet, attachments: parts.attachments.length }, keys)
}

export async function readDetail(
  { store, contents, keys }: ReadDeps,
  caller: Caller,
  publicId: string,
): Promise<InboxMessageDetail> {
  const row = store.find(caller, publicId)
  const content = contents.ofRow(row.id)
  const [{ snippet, parts, problem }, headers] = await Promise.all([
    content.indexed(),
    content.headers(),
  ])
  const to = JSON.parse(row.header_to) as Address[]
  const cc = JSON.parse(row.header_cc) as Address[]
  const envelope = envelopeOf(row)
  const named = new Set([...to, ...cc].map(({ address }) => address.toLowerCase()))
  return {
    ...toInboxMessage({ ...row, snippet, attachments: parts.attachments.length }, keys),
    cc,
    reply_to: headers
      .filter(({ name }) => name.toLowerCase() === 'reply-to')
      .flatMap(({ value }) => parseAddresses(value)),
    envelope,
    bcc: envelope.rcpt_to.filter((address) => !named.has(address.toLowerCase())),
    date: isoOrNull(row.dated_at),
    message_id: row.message_id,
    ...summaryOf(parts),
    problem: problem && problemSentence(problem),
  }
}

/** The SMTP envelope, which may differ from the headers. */
export function envelopeOf(row: DetailRow): InboxMessageDetail['envelope'] {
  return { mail_from: row.mail_from, rcpt_to: JSON.parse(row.rcpt_to) as string[] }
}

export async function readStructure(
  deps: ReadDeps,
  caller: Caller,
  publicId: string,
): Promise<MessagePart[]> {
  const { id } = deps.store.find(caller, publicId)
  return (await readTree(deps, id)).map(toPart)
}

/** One MIME part, by its path in the tree. */
export async function readPart(deps: ReadDeps, caller: Caller, publicId: string, path: string) {
  const { id } = deps.store.find(caller, publicId)
  const part = (await readTree(deps, id)).find((candidate) => candidate.path === path)
  if (!part) throw new Fault('not_found', `The message has no part ${path}.`)
  return {
    contentType: part.contentType,
    filename: part.filename ?? `part-${path}`,
    bytes: await deps.contents.ofRow(id).decoded(part),
  }
}

/** Refuses a message that could not be parsed. */
async function readTree(
  { contents, indexing }: ReadDeps,
  id: number,
): Promise<readonly TreePart[]> {
  await contents.ofRow(id).parts()
  return requireFound(await indexing.tree(id))
}

function toPart(part: TreePart): MessagePart {
  return {
    path: part.path,
    content_type: part.contentType,
    charset: part.charset,
    encoding: part.encoding,
    disposition: part.disposition,
    filename: part.filename,
    content_id: part.contentId,
    size_bytes: part.sizeBytes,
    encoded_bytes: part.end - part.start,
  }
}
