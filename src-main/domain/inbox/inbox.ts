import { iso, isoOrNull } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import type { MessagePart } from '../../contract/message-parts.ts'
import type {
  InboxCounts,
  InboxFilter,
  InboxMessage,
  InboxMessageDetail,
  InboxQuery,
  MessageChange,
  MessageChanges,
} from '../../contract/messages.ts'
import type { Address } from '../../contract/wire.ts'
import { parseAddresses } from '../../mime/addresses.ts'
import { mboxEntry } from '../../mime/mbox.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import { type Caller, isOfTenant } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { Door, MessageOptions } from '../messages/accept.ts'
import type { Indexing } from '../reading/indexing.ts'
import { demandThere, type MessageContents, summaryOf } from '../reading/message-contents.ts'
import { problemSentence } from '../reading/problems.ts'
import type { TreePart } from '../reading/reading.ts'
import type { InboxSelection } from './selection.ts'

export type Inbox = ReturnType<typeof createInbox>

type InboxRow = {
  readonly id: number
  readonly public_id: string
  readonly inbox: string
  readonly header_from: string
  readonly header_to: string
  readonly subject: string
  readonly received_at: number
  readonly size_bytes: number
  readonly read: number
  readonly key_id: number | null
  readonly door: Door
  /** JSON. */
  readonly tags: string | null
}

/** With what the index knows; null until it has come to the message. */
type ListRow = InboxRow & { readonly snippet: string | null; readonly attachments: number | null }

type DetailRow = InboxRow & {
  readonly tenant_id: string | null
  readonly header_cc: string
  readonly mail_from: string
  readonly rcpt_to: string
  readonly dated_at: number | null
  readonly message_id: string | null
}

const columns = `
  messages.id, public_id, inbox, header_from, header_to, messages.subject, received_at, size_bytes,
  read, key_id, door, json_extract(options, '$.tags') AS tags
`

/** The writer's thread changes this many messages at a time and lets others in between. */
const chunkSize = 500

type InboxDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly indexing: Indexing
  readonly contents: MessageContents
  readonly keys: Keys
  readonly selection: InboxSelection
}

/** Captured messages: listed, found, read, marked, deleted. */
export function createInbox(deps: InboxDeps) {
  const { database, queue, reader, indexing, contents, keys, selection } = deps
  const byPublicId = database.prepare<[string], DetailRow>(`
    SELECT ${columns}, tenant_id, header_cc, mail_from, rcpt_to, dated_at, message_id
    FROM messages WHERE public_id = ? AND inbox IS NOT NULL
  `)
  const rowIdOf = database
    .prepare<[string], number>('SELECT id FROM messages WHERE public_id = ?')
    .pluck()
  const counts = database.prepare<[string | null, string | null], InboxCounts & { name: string }>(`
    SELECT name, sum(total) AS total, sum(unread) AS unread FROM inboxes
    WHERE (? IS NULL OR tenant = ?) GROUP BY name ORDER BY name
  `)
  const tags = database.prepare<[string | null, string | null], { name: string; total: number }>(`
    SELECT name, sum(total) AS total FROM tags
    WHERE (? IS NULL OR tenant = ?) GROUP BY name ORDER BY name
  `)
  const setRead = database.prepare<[number, number]>('UPDATE messages SET read = ? WHERE id = ?')
  const optionsOf = database
    .prepare<[number], string | null>('SELECT options FROM messages WHERE id = ?')
    .pluck()
  const setOptions = database.prepare<[string, number]>(
    'UPDATE messages SET options = ? WHERE id = ?',
  )
  const remove = database.prepare<[number]>('DELETE FROM messages WHERE id = ?')

  function find(caller: Caller, publicId: string): DetailRow {
    const row = byPublicId.get(publicId)
    if (row && isOfTenant(caller, row.tenant_id)) return row
    throw new Fault(
      'not_found',
      `There is no captured message ${publicId}. It may have been deleted.`,
    )
  }

  function toWire(row: ListRow): InboxMessage {
    return {
      id: row.public_id,
      inbox: row.inbox,
      from: JSON.parse(row.header_from) as Address,
      to: JSON.parse(row.header_to) as Address[],
      subject: row.subject,
      snippet: row.snippet,
      received_at: iso(row.received_at),
      size_bytes: row.size_bytes,
      attachments: row.attachments ?? 0,
      read: row.read === 1,
      key_id: row.key_id === null ? null : (keys.nameOf(row.key_id)?.publicId ?? null),
      door: row.door,
      tags: JSON.parse(row.tags ?? '[]') as string[],
    }
  }

  function inboxes(caller: Caller) {
    return counts.all(caller.tenantId, caller.tenantId)
  }

  const contentFor = (caller: Caller, publicId: string) => contents.kept(find(caller, publicId).id)

  const treeOf = async (id: number): Promise<readonly TreePart[]> => {
    await contents.kept(id).parts()
    return demandThere(await indexing.tree(id))
  }

  /** Changes every message of `ids` with `change`, in bounded transactions. */
  async function inChunks(
    ids: readonly number[],
    change: (id: number) => { readonly changes: number },
  ): Promise<number> {
    let changed = 0
    for (let start = 0; start < ids.length; start += chunkSize) {
      const chunk = ids.slice(start, start + chunkSize)
      changed += await queue.write(() =>
        chunk.reduce((total, id) => total + (change(id).changes > 0 ? 1 : 0), 0),
      )
    }
    return changed
  }

  function announce(caller: Caller, data: Readonly<Record<string, unknown>>): Promise<void> {
    return queue.write((transaction) =>
      transaction.append({ type: 'inbox.changed', tenantId: caller.tenantId, data }),
    )
  }

  async function removeChosen(
    caller: Caller,
    ids: readonly string[] | undefined,
    filter: InboxFilter = {},
  ) {
    const rows = await selection.ids(caller, ids, filter)
    if (rows.length === 0) return { changed: 0 }
    const changed = await inChunks(rows, (id) => remove.run(id))
    indexing.forget(rows)
    await announce(caller, { change: 'deleted', ...meant(ids, filter) })
    return { changed }
  }

  async function changeChosen(
    caller: Caller,
    { read, tag }: Changes,
    ids: readonly string[] | undefined,
    filter: InboxFilter = {},
  ) {
    const rows = await selection.ids(caller, ids, filter)
    if (rows.length === 0) return { changed: 0 }
    const changed = await inChunks(rows, (id) => {
      const marked = read === undefined ? 0 : setRead.run(Number(read), id).changes
      return { changes: marked + (tag ? retag(id, tag) : 0) }
    })
    const told = meant(ids, filter)
    if (read !== undefined) {
      await announce(caller, { change: read ? 'read' : 'unread', ...told })
    }
    if (tag) await announce(caller, { change: 'tagged', ...told })
    return { changed }
  }

  /** A tag is written once, in the form that it was given in first. */
  function retag(id: number, change: (known: readonly string[]) => readonly string[]): number {
    const written = optionsOf.get(id) ?? null
    const known = tagsOf(written)
    const next = unique(change(known))
    if (next.length === known.length && next.every((tag, at) => tag === known[at])) return 0
    if (next.length > maxTags) {
      throw new Fault('invalid_parameter', `A message may have at most ${maxTags} tags.`)
    }
    const options = { ...(JSON.parse(written ?? '{}') as MessageOptions), tags: next }
    return setOptions.run(JSON.stringify(options), id).changes
  }

  return {
    inboxes,

    tags: (caller: Caller) => tags.all(caller.tenantId, caller.tenantId),

    async list(caller: Caller, query: InboxQuery, signal?: AbortSignal) {
      const between = {
        ...(query.before ? { before: rowIdOf.get(query.before) ?? 0 } : {}),
        ...(query.after ? { after: rowIdOf.get(query.after) ?? 0 } : {}),
      }
      const rows = await selection.newest<ListRow>(
        caller,
        query,
        between,
        `${columns}, snippet, attachments`,
        query.limit + 1,
        signal,
      )
      const known = inboxes(caller).filter(({ name }) => !query.inbox || name === query.inbox)
      return {
        data: rows.slice(0, query.limit).map(toWire),
        counts: {
          total: known.reduce((sum, { total }) => sum + total, 0),
          unread: known.reduce((sum, { unread }) => sum + unread, 0),
        },
        has_more: rows.length > query.limit,
      }
    },

    async get(caller: Caller, publicId: string): Promise<InboxMessageDetail> {
      const row = find(caller, publicId)
      const content = contents.kept(row.id)
      const [{ snippet, parts, problem }, headers] = await Promise.all([
        content.indexed(),
        content.headers(),
      ])
      const to = JSON.parse(row.header_to) as Address[]
      const cc = JSON.parse(row.header_cc) as Address[]
      const rcptTo = JSON.parse(row.rcpt_to) as string[]
      const named = new Set([...to, ...cc].map(({ address }) => address.toLowerCase()))
      return {
        ...toWire({ ...row, snippet, attachments: parts.attachments.length }),
        cc,
        reply_to: headers
          .filter(({ name }) => name.toLowerCase() === 'reply-to')
          .flatMap(({ value }) => parseAddresses(value)),
        envelope: { mail_from: row.mail_from, rcpt_to: rcptTo },
        bcc: rcptTo.filter((address) => !named.has(address.toLowerCase())),
        date: isoOrNull(row.dated_at),
        message_id: row.message_id,
        ...summaryOf(parts),
        problem: problem && problemSentence(problem),
      }
    },

    raw: async (caller: Caller, publicId: string): Promise<Buffer> =>
      contentFor(caller, publicId).raw(),

    /** Refuses what this caller may not see. */
    demand: (caller: Caller, publicId: string): void => void find(caller, publicId),

    /** The true SMTP envelope. */
    envelope(caller: Caller, publicId: string): InboxMessageDetail['envelope'] {
      const row = find(caller, publicId)
      return { mail_from: row.mail_from, rcpt_to: JSON.parse(row.rcpt_to) as string[] }
    },

    async structure(caller: Caller, publicId: string): Promise<MessagePart[]> {
      return (await treeOf(find(caller, publicId).id)).map(toPart)
    },

    /** One part by its place in the tree. */
    async part(caller: Caller, publicId: string, path: string) {
      const { id } = find(caller, publicId)
      const part = (await treeOf(id)).find((one) => one.path === path)
      if (!part) throw new Fault('not_found', `The message has no part ${path}.`)
      return {
        contentType: part.contentType,
        filename: part.filename ?? `part-${path}`,
        bytes: await contents.kept(id).decoded(part),
      }
    },

    html: async (caller: Caller, publicId: string) => contentFor(caller, publicId).html(),

    htmlPart: async (caller: Caller, publicId: string) => contentFor(caller, publicId).htmlPart(),

    text: async (caller: Caller, publicId: string) => contentFor(caller, publicId).text(),

    headers: async (caller: Caller, publicId: string) => contentFor(caller, publicId).headers(),

    attachment: async (caller: Caller, publicId: string, index: number) =>
      contentFor(caller, publicId).attachment(index),

    async change(caller: Caller, publicId: string, change: MessageChange): Promise<InboxMessage> {
      find(caller, publicId)
      const { read, tags: wanted } = change
      await changeChosen(caller, { read, tag: wanted && (() => wanted) }, [publicId])
      const row = find(caller, publicId)
      const { snippet, parts } = await contents.kept(row.id).indexed()
      return toWire({ ...row, snippet, attachments: parts.attachments.length })
    },

    changeMany(caller: Caller, changes: MessageChanges) {
      const { ids, inbox, query, unread, read, add_tags: added, remove_tags: removed } = changes
      const gone = new Set(removed?.map(fold))
      const tag =
        added || removed
          ? (known: readonly string[]) => [
              ...known.filter((name) => !gone.has(fold(name))),
              ...(added ?? []),
            ]
          : undefined
      return changeChosen(caller, { read, tag }, ids, { inbox, query, unread })
    },

    async remove(caller: Caller, publicId: string): Promise<{ id: string; deleted: true }> {
      find(caller, publicId)
      await removeChosen(caller, [publicId])
      return { id: publicId, deleted: true }
    },

    removeMany: (caller: Caller, ids: readonly string[]) => removeChosen(caller, ids),
    clear: (caller: Caller, filter: InboxFilter) => removeChosen(caller, undefined, filter),

    count: async (caller: Caller, filter: InboxFilter, signal?: AbortSignal) => ({
      count: await selection.count(caller, filter, signal),
    }),

    /** The messages as one mbox file, oldest first; one at a time is in memory. */
    async export(caller: Caller, ids: readonly string[] | undefined, filter: InboxFilter) {
      const rows = (await selection.ids(caller, ids, filter)).sort((one, other) => one - other)
      async function* entries() {
        for (const id of rows) {
          const row = await reader.first<ExportRow>(
            `SELECT mail_from, received_at, raw
             FROM messages JOIN bodies ON bodies.message_id = messages.id WHERE messages.id = ?`,
            id,
          )
          if (row) yield mboxEntry(Buffer.from(row.raw), row.mail_from, row.received_at)
        }
      }
      return entries()
    },
  }
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

type ExportRow = {
  readonly mail_from: string
  readonly received_at: number
  readonly raw: Uint8Array
}

type Changes = {
  readonly read?: boolean | undefined
  readonly tag?: ((known: readonly string[]) => readonly string[]) | undefined
}

const maxTags = 50

function tagsOf(options: string | null): string[] {
  if (options === null) return []
  const { tags = [] } = JSON.parse(options) as MessageOptions
  return [...tags]
}

/** As the index of tags compares them. */
const fold = (tag: string): string => tag.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

function unique(names: readonly string[]): string[] {
  const seen = new Set<string>()
  return names.filter((name) => !seen.has(fold(name)) && seen.add(fold(name)))
}

/** What an event says of the messages it is about. */
function meant(ids: readonly string[] | undefined, { inbox, query, unread }: InboxFilter) {
  if (ids) return { ids }
  const isPart = Boolean(query) || unread !== undefined
  return { ...(inbox ? { inbox } : {}), ...(isPart ? { part: true } : {}) }
}
