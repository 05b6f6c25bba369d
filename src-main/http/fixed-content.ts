import { gzipSync } from 'node:zlib'
import { Content } from './route.ts'

type Making = {
  readonly type: string
  /** Called once. */
  readonly make: () => string | Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** Content that never changes: its bytes are made once and compressed once. */
export function fixedContent({ type, make, headers }: Making) {
  let bytes: Buffer | null = null
  let compressed: Buffer | null = null

  return (acceptEncoding: string | undefined): Content => {
    bytes ??= Buffer.from(make())
    const varying = { ...headers, vary: 'accept-encoding' }
    if (!acceptsGzip(acceptEncoding)) return new Content(type, bytes, varying)
    compressed ??= gzipSync(bytes)
    return new Content(type, compressed, { ...varying, 'content-encoding': 'gzip' })
  }
}

/** RFC 9110 §12.5.3; a weight of 0 refuses the coding. */
function acceptsGzip(acceptEncoding = ''): boolean {
  return acceptEncoding
    .split(',')
    .some((coding) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$)[\d.]+\s*)?$/i.test(coding))
}
