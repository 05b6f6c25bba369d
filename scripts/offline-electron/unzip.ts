import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'

type Entry = {
  readonly name: string
  readonly method: number
  readonly compressedBytes: number
  readonly headerOffset: number
  readonly unixMode: number
}

const endSignature = Buffer.from('PK\x05\x06')
const entrySignature = 0x02014b50
const stored = 0
const deflated = 8

/**
 * Writes the files of a zip for which `place` names a path below `folder`. For archives that we
 * chose and checked: no zip64, no encryption, no links, no empty files.
 */
export async function unzip(
  file: string,
  folder: string,
  place: (name: string) => string | null,
): Promise<void> {
  const zip = await open(file)
  try {
    for (const entry of await readDirectory(zip)) {
      const target = entry.name.endsWith('/') ? null : place(entry.name)
      if (!target) continue
      const { start, end } = await findBytes(zip, entry)
      await writeEntry(createReadStream(file, { start, end }), entry, join(folder, target))
    }
  } finally {
    await zip.close()
  }
}

async function findBytes(zip: FileHandle, { headerOffset, compressedBytes }: Entry) {
  const header = await readAt(zip, headerOffset, 30)
  const start = headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  return { start, end: start + compressedBytes - 1 }
}

async function writeEntry(bytes: Readable, entry: Entry, target: string): Promise<void> {
  mkdirSync(dirname(target), { recursive: true })
  const output = createWriteStream(target, { mode: entry.unixMode & 0o777 || 0o644 })
  if (entry.method === stored) return pipeline(bytes, output)
  if (entry.method === deflated) return pipeline(bytes, createInflateRaw(), output)
  throw new Error(
    `${entry.name} is compressed in a way this reader does not know (${entry.method})`,
  )
}

async function readDirectory(zip: FileHandle): Promise<Entry[]> {
  const { size } = await zip.stat()
  const tail = await readAt(zip, Math.max(0, size - 65_557), Math.min(size, 65_557))
  const end = tail.lastIndexOf(endSignature)
  if (end < 0) throw new Error('This is not a zip file')
  const count = tail.readUInt16LE(end + 10)
  const directory = await readAt(zip, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
  const entries: Entry[] = []
  let at = 0
  while (entries.length < count && directory.readUInt32LE(at) === entrySignature) {
    const nameBytes = directory.readUInt16LE(at + 28)
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
      method: directory.readUInt16LE(at + 10),
      compressedBytes: directory.readUInt32LE(at + 20),
      headerOffset: directory.readUInt32LE(at + 42),
      unixMode: directory.readUInt32LE(at + 38) >>> 16,
    })
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return entries
}

async function readAt(zip: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await zip.read(Buffer.alloc(length), 0, length, position)
  if (bytesRead !== length) throw new Error('The zip file is cut short')
  return buffer
}
