import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { startLoop } from '../base/loop.ts'
import type { MimeDigest } from '../base/mime-digest.ts'
import { startThread } from '../base/thread.ts'
import type { CommitQueue } from '../storage/commit-queue.ts'
import type { Database } from '../storage/database.ts'

export type Indexing = ReturnType<typeof startIndexing>

export type Digested = { readonly id: number; readonly digest: MimeDigest }

/** Where the parts of a message lie in its raw bytes, and what they are. */
export type Parts = Omit<MimeDigest, 'text' | 'snippet' | 'fileNames'>

type HeadRow = {
  readonly id: number
  readonly subject: string
  readonly header_from: string
  readonly header_to: string
  readonly header_cc: string
  readonly rcpt_to: string
}

const batchSize = 50

type IndexingDeps = {
  readonly database: Database
  readonly folder: string
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly log: Log
}

/** Parses messages after they were answered, and makes them findable. */
export function startIndexing({ database, folder, queue, clock, log }: IndexingDeps) {
  const thread = startThread<readonly number[], Digested[]>(import.meta.url, 'parse-worker', {
    folder,
  })
  const unindexed = database.prepare<[], HeadRow>(`
    SELECT id, subject, header_from, header_to, header_cc, rcpt_to
    FROM messages WHERE indexed = 0 ORDER BY id LIMIT ${batchSize}
  `)
  const insertWords = database.prepare<[number, string, string, string, string]>(`
    INSERT INTO message_words (rowid, subject, sender, recipients, body) VALUES (?, ?, ?, ?, ?)
  `)
  const insertParts = database.prepare<[number, string]>(
    'INSERT INTO digests (message_id, parts) VALUES (?, ?)',
  )
  // A message deleted in the meantime is not found again, and gets no words.
  const setIndexed = database.prepare<[string, number, number]>(`
    UPDATE messages SET indexed = 1, snippet = ?, attachments = ? WHERE id = ? AND indexed = 0
  `)
  const partsOf = database
    .prepare<[number], string>('SELECT parts FROM digests WHERE message_id = ?')
    .pluck()

  const loop = startLoop({ name: 'indexing', clock, log, run })
  const stopListening = queue.onEvents(loop.wake)
  loop.wake()

  async function run(): Promise<number | null> {
    const heads = unindexed.all()
    if (heads.length === 0) return null
    const digested = await thread.ask(heads.map(({ id }) => id))
    const digestOf = new Map(digested.map(({ id, digest }) => [id, digest]))
    await queue.write((transaction) => {
      let count = 0
      for (const head of heads) count += store(head, digestOf.get(head.id))
      if (count > 0) transaction.append({ type: 'indexed', data: { count } })
    })
    return 0
  }

  function store(head: HeadRow, digest: MimeDigest | undefined): number {
    const { changes } = setIndexed.run(
      digest?.snippet ?? '',
      digest?.attachments.length ?? 0,
      head.id,
    )
    if (changes === 0 || !digest) return changes
    const { text, snippet: _snippet, fileNames, ...parts } = digest
    const recipients = `${head.header_to} ${head.header_cc} ${head.rcpt_to}`
    insertWords.run(head.id, head.subject, head.header_from, recipients, `${text}\n${fileNames}`)
    insertParts.run(head.id, JSON.stringify(parts satisfies Parts))
    return changes
  }

  return {
    /** The parts of a message, parsed now if the loop has not come to it yet. */
    async parts(id: number): Promise<Parts | null> {
      const stored = partsOf.get(id)
      if (stored !== undefined) return JSON.parse(stored) as Parts
      const [digested] = await thread.ask([id])
      return digested?.digest ?? null
    },

    wake: loop.wake,
    idle: loop.idle,

    async close(): Promise<void> {
      stopListening()
      await loop.close()
      await thread.close()
    },
  }
}
