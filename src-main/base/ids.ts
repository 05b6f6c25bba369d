import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const base32 = '0123456789abcdefghjkmnpqrstvwxyz'

/** `length` uniform characters of base62; 22 of them carry 131 bits. */
export function randomBase62(length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length * 2)) {
      // 248 is the largest multiple of 62 below 256. Higher bytes would bias the first letters.
      if (byte < 248 && text.length < length) text += base62.charAt(byte % 62)
    }
  }
  return text
}

const pool = Buffer.alloc(8 * 512)
let poolAt = pool.length

/**
 * A public id that sorts by time: 10 characters of milliseconds, 12 random ones (60 bits).
 * Ids of one moment lie together in an index, which keeps inserts cheap.
 */
export function timeId(prefix: string, atMs: number): string {
  if (poolAt === pool.length) {
    pool.set(randomBytes(pool.length))
    poolAt = 0
  }
  let text = ''
  let rest = atMs
  for (let place = 0; place < 10; place++) {
    text = base32.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  for (let place = 0; place < 2; place++) {
    let word = pool.readUInt32LE(poolAt)
    poolAt += 4
    for (let letter = 0; letter < 6; letter++) {
      text += base32.charAt(word & 31)
      word >>>= 5
    }
  }
  return `${prefix}_${text}`
}

/** The time of an id; null: the text is not an id. */
export function timeOf(id: string): number | null {
  const [, letters] = /^[a-z]+_([0-9a-z]{10})[0-9a-z]{12}$/.exec(id) ?? []
  if (letters === undefined) return null
  return [...letters].reduce((time, letter) => time * 32 + base32.indexOf(letter), 0)
}

/** `req_` and 16 characters: enough to find one request in a log, and cheap. */
export function requestId(atMs: number): string {
  return timeId('req', atMs)
}

/** Six base62 characters of CRC-32, which tell a mistyped or cut key from an unknown one. */
export function checksum(text: string): string {
  let rest = crc32(text)
  let word = ''
  for (let place = 0; place < 6; place++) {
    word = base62.charAt(rest % 62) + word
    rest = Math.floor(rest / 62)
  }
  return word
}
