const escaped = /(?:%[\da-f]{2})+/gi

/** Of a `cid:` address (RFC 2392). An error of `decodeURIComponent` costs too much to be one a link. */
export function decodedContentId(written: string): string {
  if (!written.includes('%')) return written
  return written.replace(escaped, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
  )
}
