/** A delimiter line of a multipart (RFC 2046 §5.1.1). */
interface Delimiter {
  /** Index of its boundary. */
  readonly level: number
  readonly isClose: boolean
  /** Offset of the line feed before it. */
  readonly lineBreak: number
  readonly end: number
  /** Offset of the next line. */
  readonly next: number
}

/** The boundaries of the open multiparts, outermost first. */
interface Boundaries {
  readonly levels: ReadonlyMap<string, number>
  readonly checksums: ReadonlySet<number>
}

export const maxBoundaryLength = 250
const maxLineLength = 1000

export function expectBoundaries(boundaries: readonly string[]): Boundaries {
  // Where two parts share a boundary, the later entry, so the innermost part, wins.
  const levels = new Map(boundaries.map((boundary, level) => [boundary, level]))
  const checksums = boundaries.flatMap((boundary) =>
    [boundary, `${boundary}--`].map((line) =>
      checksum(Buffer.from(line, 'latin1'), 0, line.length),
    ),
  )
  return { levels, checksums: new Set(checksums) }
}

/** The first delimiter line from `position` on. */
export function nextDelimiter(
  raw: Buffer,
  position: number,
  boundaries: Boundaries,
): Delimiter | null {
  let lineBreak = nextDashes(raw, position)
  while (lineBreak !== -1) {
    const found = matchLine(raw, lineBreak + 3, boundaries)
    if (found !== null) {
      const lineEnd = raw.indexOf(10, lineBreak + 1)
      return { ...found, lineBreak, next: lineEnd === -1 ? raw.length : lineEnd + 1 }
    }
    lineBreak = nextDashes(raw, lineBreak + 1)
  }
  return null
}

const lineStartDashes = Buffer.from('\n--')
const nearBytes = 64

/** Searches a few bytes itself: a message may have millions of such lines, and a call costs more. */
function nextDashes(raw: Buffer, position: number): number {
  const near = Math.min(raw.length - 2, position + nearBytes)
  for (let index = position; index < near; index++) {
    if (raw[index] === 10 && raw[index + 1] === 45 && raw[index + 2] === 45) return index
  }
  return raw.indexOf(lineStartDashes, position)
}

function matchLine(
  raw: Buffer,
  start: number,
  { levels, checksums }: Boundaries,
): Pick<Delimiter, 'level' | 'isClose' | 'end'> | null {
  const limit = Math.min(raw.length, start + maxLineLength)
  let end = start
  while (end < limit && raw[end] !== 10) end++
  if (end === limit && limit < raw.length) return null
  while (end > start && isBlank(raw[end - 1])) end--
  if (end - start > maxBoundaryLength + 2 || !checksums.has(checksum(raw, start, end))) return null
  const line = raw.toString('latin1', start, end)
  const opening = levels.get(line) ?? -1
  const closing = line.endsWith('--') ? (levels.get(line.slice(0, -2)) ?? -1) : -1
  const level = Math.max(opening, closing)
  return level === -1 ? null : { level, isClose: closing > opening, end }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9 || byte === 13
}

/** Excludes nearly all lines without a string for each. */
function checksum(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0
  for (let index = start; index < end; index++) sum = (Math.imul(sum, 31) + (bytes[index] ?? 0)) | 0
  return sum
}
