import { databaseFile, openReadOnly } from '../../storage/database.ts'

export type HeadRow = {
  readonly id: number
  readonly subject: string
  readonly header_from: string
  readonly header_to: string
  readonly header_cc: string
  readonly rcpt_to: string
}

export type MailRow = HeadRow & { readonly raw: Buffer }

const maxRows = 100

/** The messages to index, read-only. Errors of this database are marked: see `isMailError`. */
export function openMailRows(folder: string, identity: string | null) {
  const mail = openReadOnly(folder, identity)
  const headColumns = 'id, subject, header_from, header_to, header_cc, rcpt_to'
  const next = mail.prepare<[number], MailRow>(`
    SELECT ${headColumns}, raw
    FROM messages JOIN bodies ON bodies.message_id = messages.id
    WHERE id > ? AND inbox IS NOT NULL ORDER BY id LIMIT ${maxRows}
  `)
  const one = mail.prepare<[number], MailRow>(`
    SELECT ${headColumns}, raw
    FROM messages JOIN bodies ON bodies.message_id = messages.id WHERE id = ?
  `)
  const head = mail.prepare<[number], HeadRow>(`SELECT ${headColumns} FROM messages WHERE id = ?`)
  const nextId = mail
    .prepare<[number], number>(
      'SELECT id FROM messages WHERE id > ? AND inbox IS NOT NULL ORDER BY id LIMIT 1',
    )
    .pluck()
  const exists = mail.prepare<[number], number>('SELECT 1 FROM messages WHERE id = ?').pluck()
  const lastId = mail
    .prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'messages'")
    .pluck()

  /** Names this database in its errors, which concern the index's file otherwise. */
  function inMail<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      const own = error instanceof Error ? error : new Error(String(error))
      throw Object.assign(own, { isOfMail: true, path: databaseFile(folder) })
    }
  }

  return {
    *after(id: number): Generator<MailRow> {
      const rows = next.iterate(id)
      try {
        for (;;) {
          const { done, value } = inMail(() => rows.next())
          if (done) return
          yield value
        }
      } finally {
        // An open iterator blocks the statement.
        rows.return?.()
      }
    },

    one: (id: number): MailRow | undefined => inMail(() => one.get(id)),
    head: (id: number): HeadRow | undefined => inMail(() => head.get(id)),
    nextId: (after: number): number | null => inMail(() => nextId.get(after)) ?? null,
    exists: (id: number): boolean => inMail(() => exists.get(id)) !== undefined,
    /** The highest id that was ever assigned. */
    lastId: (): number => inMail(() => lastId.get()) ?? 0,
  }
}

/** Distinguishes a damaged mail database from a damaged index: only the index can be rebuilt. */
export const isMailError = (error: unknown): boolean =>
  error instanceof Error && 'isOfMail' in error
