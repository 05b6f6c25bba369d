import { workerData } from 'node:worker_threads'
import { giveWay } from '../../base/thread.ts'
import { answerRequests } from '../../base/thread-requests.ts'
import type { Address } from '../../contract/wire.ts'
import { digest, type MimeDigest } from '../../mime/digest.ts'
import { emptyDigest } from '../../mime/empty-digest.ts'
import { readHeaders } from '../../mime/header-scan.ts'
import { onFile } from '../../storage/opened-file.ts'
import { isDamage, searchFile } from '../../storage/search-database.ts'
import { headerWords } from '../../storage/search-words.ts'
import type { IndexOrder, IndexReply, IndexResult, MessageParts } from './index-orders.ts'
import { openIndexTables } from './index-tables.ts'
import { type HeadRow, isMailError, type MailRow, openMailRows } from './mail-rows.ts'
import type { ReadingProblem } from './problems.ts'

/** The index thread: parses new messages, and is the only writer of `search.db`. */
giveWay()
const { folder, identity } = workerData as {
  readonly folder: string
  readonly identity: string | null
}
const mail = openMailRows(folder, identity)
let search = openIndexTables(folder)

/** The index entry of a message. */
type Entry = {
  readonly digest: MimeDigest
  readonly headers: string
  readonly problem: ReadingProblem | null
}

const maxBatchBytes = 8 * 1024 * 1024
/** Leaves the last message of a batch most of the time limit. */
const maxBatchMs = 1000

answerRequests((order: IndexOrder) => onFile(searchFile(folder), () => handleOrder(order)))

/** Rebuilds a damaged or missing index and repeats the order. */
function handleOrder(order: IndexOrder): IndexReply {
  if (order.type === 'rebuild' || search.isLost()) return afterRebuild(order)
  try {
    return { result: execute(order), isRebuilt: false }
  } catch (error) {
    if (!isDamage(error) || isMailError(error)) throw error
    return afterRebuild(order)
  }
}

function afterRebuild(order: IndexOrder): IndexReply {
  search.close()
  search = openIndexTables(folder, true)
  return { result: execute(order), isRebuilt: true }
}

function execute(order: IndexOrder): IndexResult {
  switch (order.type) {
    case 'rebuild':
      return { type: 'done' }
    case 'tidy':
      return { type: 'tidied', through: tidy(order.after) }
    case 'index':
      return { type: 'indexed', count: indexNext() }
    case 'next':
      return { type: 'next', id: mail.nextId(search.through()) }
    case 'index-one':
      indexOne(order.id)
      return { type: 'indexed', count: 1 }
    case 'skip':
      skip(order.id, order.problem)
      return { type: 'indexed', count: 1 }
    case 'forget':
      search.forget(order.ids)
      return { type: 'done' }
  }
}

/**
 * Removes digests of messages that were deleted while the index was closed, or all of them when the
 * mail database was replaced. Returns the last digest checked; null at the end.
 */
function tidy(after: number): number | null {
  if (search.through() > mail.lastId()) search.clear()
  const ids = search.digestsAfter(after)
  search.forget(ids.filter((id) => !mail.exists(id)))
  return ids.at(-1) ?? null
}

/** Indexes the next messages, up to the size of one transaction. */
function indexNext(): number {
  return search.transaction(() => {
    const started = performance.now()
    let bytes = 0
    let count = 0
    let last = 0
    for (const row of mail.after(search.through())) {
      store(row, parse(row))
      last = row.id
      count += 1
      bytes += row.raw.length
      if (bytes > maxBatchBytes || performance.now() - started > maxBatchMs) break
    }
    if (count > 0) search.setThrough(last)
    return count
  })
}

function indexOne(id: number): void {
  search.transaction(() => {
    const row = mail.one(id)
    if (row) store(row, parse(row))
    search.setThrough(id)
  })
}

/** Searches still find the message by its subject and addresses. */
function skip(id: number, problem: ReadingProblem): void {
  search.transaction(() => {
    const row = mail.head(id)
    if (row) store(row, { digest: emptyDigest, headers: '', problem })
    search.setThrough(id)
  })
}

/** A parse error becomes the problem of its message; a database error fails the order. */
function parse(row: MailRow): Entry {
  try {
    return { digest: digest(row.raw), headers: headerWords(readHeaders(row.raw)), problem: null }
  } catch {
    return { digest: emptyDigest, headers: '', problem: 'failed' }
  }
}

function store(row: HeadRow, entry: Entry): void {
  const { text, snippet, fileNames, ...parts } = entry.digest
  const written = JSON.stringify(parts satisfies MessageParts)
  search.insertDigest(row.id, snippet, parts.attachments.length, written, entry.problem)
  const copies = addressWords(JSON.parse(row.header_cc))
  const recipients = [
    addressWords(JSON.parse(row.header_to)),
    copies,
    ...(JSON.parse(row.rcpt_to) as string[]),
  ].join('\n')
  search.insertWords(
    row.id,
    row.subject,
    addressWords([JSON.parse(row.header_from)]),
    recipients,
    copies,
    `${text}\n${fileNames}`,
    entry.headers,
  )
}

function addressWords(addresses: readonly Address[]): string {
  return addresses.map(({ name, address }) => `${name ?? ''} ${address}`).join('\n')
}
