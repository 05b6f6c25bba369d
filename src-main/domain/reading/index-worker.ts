import { workerData } from 'node:worker_threads'
import { giveWay } from '../../base/thread.ts'
import { answerRequests } from '../../base/thread-requests.ts'
import type { Address } from '../../contract/wire.ts'
import { digest, type MimeDigest } from '../../mime/digest.ts'
import { emptyDigest } from '../../mime/empty-digest.ts'
import { readHeaders } from '../../mime/header-scan.ts'
import { databaseFile, openReadOnly } from '../../storage/database.ts'
import { onFile } from '../../storage/opened-file.ts'
import { isDamage, searchFile } from '../../storage/search-database.ts'
import { headerWords } from '../../storage/search-words.ts'
import { openIndexTables } from './index-tables.ts'
import type { IndexAnswer, IndexOrder, Parts } from './indexing.ts'
import type { ReadingProblem } from './problems.ts'

/** The index thread: parses messages as they come, and is the only one that writes `search.db`. */
giveWay()
const { folder, identity } = workerData as {
  readonly folder: string
  readonly identity: string | null
}
const mail = openReadOnly(folder, identity)
let search = openIndexTables(folder)

type HeadRow = {
  readonly id: number
  readonly subject: string
  readonly header_from: string
  readonly header_to: string
  readonly header_cc: string
  readonly rcpt_to: string
}

type MessageRow = HeadRow & { readonly raw: Buffer }

/** What the index has to say of a message. */
type Found = {
  readonly digest: MimeDigest
  readonly headers: string
  readonly problem: ReadingProblem | null
}

const maxBatch = 100
const maxBatchBytes = 8 * 1024 * 1024
/** So that a message after many others still has most of the time limit. */
const maxBatchMs = 1000

const headColumns = 'id, subject, header_from, header_to, header_cc, rcpt_to'
const next = mail.prepare<[number], MessageRow>(`
  SELECT ${headColumns}, raw
  FROM messages JOIN bodies ON bodies.message_id = messages.id
  WHERE id > ? AND inbox IS NOT NULL ORDER BY id LIMIT ${maxBatch}
`)
const one = mail.prepare<[number], MessageRow>(`
  SELECT ${headColumns}, raw
  FROM messages JOIN bodies ON bodies.message_id = messages.id WHERE id = ?
`)
const headOf = mail.prepare<[number], HeadRow>(`SELECT ${headColumns} FROM messages WHERE id = ?`)
const nextId = mail
  .prepare<[number], number>(
    'SELECT id FROM messages WHERE id > ? AND inbox IS NOT NULL ORDER BY id LIMIT 1',
  )
  .pluck()
const isThere = mail.prepare<[number], number>('SELECT 1 FROM messages WHERE id = ?').pluck()
const lastGiven = mail
  .prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'messages'")
  .pluck()

/** Indexes the messages after the last indexed one, as many as one transaction should hold. */
function indexNext(): number {
  return search.transaction(() => {
    const started = performance.now()
    let bytes = 0
    let count = 0
    let last = 0
    for (const row of mailRows(search.through())) {
      store(row, read(row))
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
    const row = ofMail(() => one.get(id))
    if (row) store(row, read(row))
    search.setThrough(id)
  })
}

/** Leaves out what could not be read: the message is found by its subject and its addresses. */
function passOver(id: number, problem: ReadingProblem): void {
  search.transaction(() => {
    const row = ofMail(() => headOf.get(id))
    if (row) store(row, { digest: emptyDigest, headers: '', problem })
    search.setThrough(id)
  })
}

function* mailRows(after: number): Generator<MessageRow> {
  const rows = next.iterate(after)
  try {
    for (;;) {
      const { done, value } = ofMail(() => rows.next())
      if (done) return
      yield value
    }
  } finally {
    // A statement that is left in the middle could not be run again.
    rows.return?.()
  }
}

/** An error of the mail is no reason to make the index again. */
function ofMail<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    const own = error instanceof Error ? error : new Error(String(error))
    throw Object.assign(own, { isOfMail: true, path: databaseFile(folder) })
  }
}

/** An error is the message's own; those of the database end the order instead. */
function read(row: MessageRow): Found {
  try {
    return { digest: digest(row.raw), headers: headerWords(readHeaders(row.raw)), problem: null }
  } catch {
    return { digest: emptyDigest, headers: '', problem: 'failed' }
  }
}

function store(row: HeadRow, found: Found): void {
  const { text, snippet, fileNames, ...parts } = found.digest
  const written = JSON.stringify(parts satisfies Parts)
  search.insertDigest(row.id, snippet, parts.attachments.length, written, found.problem)
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
    found.headers,
  )
}

function addressWords(addresses: readonly Address[]): string {
  return addresses.map(({ name, address }) => `${name ?? ''} ${address}`).join('\n')
}

/**
 * What was deleted while nobody was there to forget it; and all, if the messages are others now.
 * Answers the last digest looked at, 0 when that was all.
 */
function tidy(after: number): number {
  if (search.through() > (ofMail(() => lastGiven.get()) ?? 0)) search.clear()
  const ids = search.digestsAfter(after)
  search.forget(ids.filter((id) => ofMail(() => isThere.get(id)) === undefined))
  return ids.at(-1) ?? 0
}

/** A damaged index is made again, here and now, and the order is carried out once more. */
function answerOrder(order: IndexOrder): IndexAnswer {
  if (order.type === 'renew' || search.isLost()) {
    renew()
    return { ...carryOut(order), isMadeAnew: true }
  }
  try {
    return carryOut(order)
  } catch (error) {
    if (!isDamage(error) || (error as { isOfMail?: boolean }).isOfMail) throw error
    renew()
    return { ...carryOut(order), isMadeAnew: true }
  }
}

function renew(): void {
  search.close()
  search = openIndexTables(folder, true)
}

const nothing: IndexAnswer = { count: 0, id: 0, isMadeAnew: false }

function carryOut(order: IndexOrder): IndexAnswer {
  switch (order.type) {
    case 'renew':
      return nothing
    case 'tidy':
      return { ...nothing, id: tidy(order.after) }
    case 'index':
      return { ...nothing, count: indexNext() }
    case 'next':
      return { ...nothing, id: ofMail(() => nextId.get(search.through())) ?? 0 }
    case 'index-one':
      indexOne(order.id)
      return { ...nothing, count: 1 }
    case 'pass-over':
      passOver(order.id, order.problem)
      return { ...nothing, count: 1 }
    case 'forget':
      search.forget(order.ids)
      return { ...nothing, count: order.ids.length }
  }
}

answerRequests((order: IndexOrder) => onFile(searchFile(folder), () => answerOrder(order)))
