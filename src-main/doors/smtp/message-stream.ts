import type { SMTPServerDataStream } from 'smtp-server'

/**
 * Collects a message into one growing buffer: a stream of dot-stuffed lines comes in hundreds of
 * thousands of pieces, and an array of them costs more than the message. Beyond `limitBytes` the
 * rest is read and thrown away; the answer is null.
 */
export function collect(stream: SMTPServerDataStream, limitBytes: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    let buffer: Buffer | null = null
    let length = 0
    stream.on('data', (chunk: Buffer) => {
      if (length + chunk.length > limitBytes) {
        buffer = null
        length = Number.MAX_SAFE_INTEGER / 2
        return
      }
      if (!buffer) buffer = chunk
      else {
        if (length + chunk.length > buffer.length)
          buffer = grow(buffer, length, length + chunk.length)
        chunk.copy(buffer, length)
      }
      length += chunk.length
    })
    stream.on('error', reject)
    stream.on('end', () => {
      if (length > limitBytes) resolve(null)
      else resolve(buffer ? buffer.subarray(0, length) : Buffer.alloc(0))
    })
  })
}

function grow(buffer: Buffer, used: number, needed: number): Buffer {
  const grown = Buffer.allocUnsafeSlow(Math.max(needed, buffer.length * 2, 16_384))
  buffer.copy(grown, 0, 0, used)
  return grown
}
