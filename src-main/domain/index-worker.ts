import { workerData } from 'node:worker_threads'
import { readHeaders } from '../base/header-scan.ts'
import { decodePart } from '../base/mime-body.ts'
import { digest, type MimeDigest } from '../base/mime-digest.ts'
import { htmlToText } from '../base/mime-html.ts'
import { type MimePart, readStructure } from '../base/mime-structure.ts'
import { giveWay } from '../base/thread.ts'
import { answerRequests } from '../base/thread-requests.ts'
import type { Address } from '../contract/wire.ts'
import { openReadOnly } from '../storage/database.ts'
import { isDamage } from '../storage/search-database.ts'
import { headerWords } from '../storage/search-words.ts'
import { extractOf } from './extract-reading.ts'
import { openIndexTables } from './index-tables.ts'
import type { IndexAnswer, IndexOrder, Parts, TreePart } from './indexing.ts'
import { viewFacts } from './view-facts.ts'
import { viewPage } from './view-page.ts'

/** The index thread: reads messages, parses them, and is the only one that writes `search.db`. */
giveWay()
const { folder, identity } = workerData as {
  readonly folder: string
  readonly identity: string | null
}
const mail = openReadOnly(folder, identity)
let search = openIndexTables(folder)

type MessageRow = {
  readonly id: number
  readonly subject: string
  readonly header_from: string
  readonly header_to: string
  readonly header_cc: string
  readonly rcpt_to: string
  readonly raw: Buffer
}

const batchSize = 100
const batchBytes = 8 * 1024 * 1024

const next = mail.prepare<[number], MessageRow>(`
  SELECT id, subject, header_from, header_to, header_cc, rcpt_to, raw
  FROM messages JOIN bodies ON bodies.message_id = messages.id
  WHERE id > ? AND inbox IS NOT NULL ORDER BY id LIMIT ${batchSize}
`)
const rawOf = mail.prepare<[number], Buffer>('SELECT raw FROM bodies WHERE message_id = ?').pluck()
const isThere = mail.prepare<[number], number>('SELECT 1 FROM messages WHERE id = ?').pluck()
const lastGiven = mail
  .prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'messages'")
  .pluck()

/** Indexes the messages after the last indexed one, as many as one transaction should hold. */
function indexNext(): number {
  return search.transaction(() => {
    let bytes = 0
    let count = 0
    let last = 0
    for (const row of mailRows(search.through())) {
      store(row, digest(row.raw))
      last = row.id
      count += 1
      bytes += row.raw.length
      if (bytes > batchBytes) break
    }
    if (count > 0) search.setThrough(last)
    return count
  })
}

function readRaw(id: number): Buffer | undefined {
  try {
    return rawOf.get(id)
  } catch (error) {
    throw ofMail(error)
  }
}

/** An error of the mail is no reason to make the index again. */
function* mailRows(after: number): Generator<MessageRow> {
  try {
    yield* next.iterate(after)
  } catch (error) {
    throw ofMail(error)
  }
}

const ofMail = (error: unknown): Error =>
  Object.assign(error instanceof Error ? error : new Error(String(error)), { isOfMail: true })

function store(row: MessageRow, found: MimeDigest): void {
  const { text, snippet, fileNames, ...parts } = found
  search.insertDigest(
    row.id,
    snippet,
    found.attachments.length,
    JSON.stringify(parts satisfies Parts),
  )
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
    headerWords(readHeaders(row.raw)),
  )
}

function addressWords(addresses: readonly Address[]): string {
  return addresses.map(({ name, address }) => `${name ?? ''} ${address}`).join('\n')
}

/** What was deleted while nobody was there to forget it; and all, if the messages are others now. */
function tidy(): void {
  if (search.through() > (lastGiven.get() ?? 0)) search.clear()
  let after = 0
  for (;;) {
    const ids = search.digestsAfter(after)
    if (ids.length === 0) return
    search.forget(ids.filter((id) => isThere.get(id) === undefined))
    after = ids.at(-1) ?? after
  }
}

const nothing: IndexAnswer = {
  count: 0,
  isMadeAnew: false,
  digest: null,
  tree: null,
  words: '',
  extract: { links: [], codes: [] },
  page: new Uint8Array(),
  facts: null,
}

/** A multipart before its parts. */
function flatten(raw: Buffer, part: MimePart): TreePart[] {
  const { children, parameters: _, ...rest } = part
  const sizeBytes = children.length > 0 ? part.end - part.start : decodePart(raw, part).length
  return [{ ...rest, sizeBytes }, ...children.flatMap((child) => flatten(raw, child))]
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

function carryOut(order: IndexOrder): IndexAnswer {
  switch (order.type) {
    case 'renew':
      return nothing
    case 'index':
      return { ...nothing, count: indexNext() }
    case 'forget':
      search.forget(order.ids)
      return { ...nothing, count: order.ids.length }
    case 'digest': {
      const raw = readRaw(order.id)
      return { ...nothing, digest: raw ? digest(raw) : null }
    }
    case 'read':
      return { ...nothing, digest: digest(Buffer.from(order.raw)) }
    case 'tree': {
      const raw = readRaw(order.id)
      return { ...nothing, tree: raw ? flatten(raw, readStructure(raw)) : null }
    }
    case 'words':
      return { ...nothing, words: htmlToText(order.html) }
    case 'extract':
      return { ...nothing, extract: extractOf(order.readable) }
    case 'page':
      return { ...nothing, page: viewPage(order.source) }
    case 'facts':
      return { ...nothing, facts: viewFacts(order.html) }
  }
}

try {
  tidy()
} catch (error) {
  if (!isDamage(error)) throw error
  // The first order finds the same damage, and says so.
}

answerRequests(answerOrder)
