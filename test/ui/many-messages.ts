import type { BodyRange, MimeDigest } from '../../src-main/mime/digest.ts'
import { openDatabase } from '../../src-main/storage/database.ts'
import { openSearch } from '../../src-main/storage/search-database.ts'
import { headerWords } from '../../src-main/storage/search-words.ts'

const words = 'invoice receipt welcome digest build report order refund reset newsletter'.split(' ')
const names = ['Shop', 'Grace Hopper', 'Build server', 'Accounts', 'The Field Notes']

/**
 * Fills a data folder with indexed, captured messages, one a second. The newest has 100 KiB of HTML.
 * The rows equal those that the server writes.
 */
export function fillWithMessages(folder: string, count: number): void {
  const database = openDatabase(folder)
  const search = openSearch(folder)
  database.pragma('synchronous = OFF')
  const insert = database.prepare(`
    INSERT INTO messages (public_id, mode, status, inbox, door, mail_from, rcpt_to, header_from,
      header_to, header_cc, subject, size_bytes, received_at, read, options)
    VALUES (?, 'test', 'captured', ?, 'smtp', ?, ?, ?, ?, '[]', ?, ?, ?, 0, ?)
  `)
  const insertBody = database.prepare('INSERT INTO bodies (message_id, raw) VALUES (?, ?)')
  const insertDigest = search.prepare(
    'INSERT INTO digests (message_id, snippet, attachments, parts) VALUES (?, ?, 0, ?)',
  )
  const insertWords = search.prepare(`
    INSERT INTO words (rowid, subject, sender, recipients, copies, body, headers)
    VALUES (?, ?, ?, ?, '', ?, ?)
  `)
  const start = Date.now() - count * 1000
  database.exec('BEGIN')
  search.exec('BEGIN')
  for (let number = 1; number <= count; number++) {
    const word = words[number % words.length]
    const name = names[number % names.length] ?? ''
    const address = `sender${number % 977}@example.com`
    const subject = `Message ${number}: your ${word}`
    const isLarge = number === count
    const text = `This is the ${word} number ${number} for customer ${number % 5000}.`
    const html = isLarge ? `<p>${text}</p>${'<p>Lorem ipsum dolor sit amet</p>'.repeat(3100)}` : ''
    const type = isLarge ? 'text/html' : 'text/plain'
    const head = `From: ${name} <${address}>\r\nTo: ada@example.com\r\nSubject: ${subject}\r\nContent-Type: ${type}\r\n\r\n`
    const raw = Buffer.from(head + (isLarge ? html : text))
    const body: BodyRange = {
      start: head.length,
      end: raw.length,
      encoding: '7bit',
      charset: null,
    }
    const at = start + number * 1000
    const id = `msg_${at.toString(36).padStart(9, '0')}${String(number).padStart(8, '0')}`
    const tags = number % 100 === 0 ? JSON.stringify({ tags: [`batch ${number % 7}`] }) : null
    insert.run(
      id,
      number % 3 === 0 ? 'staging' : 'default',
      address,
      '["ada@example.com"]',
      JSON.stringify({ name, address }),
      '[{"name":null,"address":"ada@example.com"}]',
      subject,
      raw.length,
      at,
      tags,
    )
    insertBody.run(number, raw)
    const parts: Omit<MimeDigest, 'text' | 'snippet' | 'fileNames'> = {
      hasText: !isLarge,
      hasHtml: isLarge,
      remoteContent: false,
      bodies: [isLarge ? { text: [], html: [body] } : { text: [body], html: [] }],
      attachments: [],
    }
    insertDigest.run(number, text, JSON.stringify(parts))
    const headers = headerWords([{ name: 'Content-Type', value: type }])
    insertWords.run(number, subject, `${name} ${address}`, 'ada@example.com', text, headers)
  }
  database.exec(`
    INSERT INTO inboxes (tenant, name, total, unread)
    SELECT '', inbox, count(*), count(*) FROM messages GROUP BY inbox;
    INSERT INTO message_tags (tag, message_id, tenant)
    SELECT value, messages.id, '' FROM messages, json_each(options, '$.tags');
  `)
  search.prepare('UPDATE progress SET through = ?').run(count)
  database.exec('COMMIT')
  search.exec('COMMIT')
  database.close()
  search.close()
}
