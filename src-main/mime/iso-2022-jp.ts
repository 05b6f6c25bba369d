// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape begins with a control character
const escapes = /(?:\x1b[($][@BIJ])+/g
const ascii = '\x1b(B'

/**
 * Removes the escapes of ISO-2022-JP that change nothing. A text joined from several words ends and
 * begins the Japanese set between them, perhaps inside a character, and a decoder refuses an escape
 * that another one follows (WHATWG Encoding §12.2.1).
 */
export function evenEscapes(bytes: Uint8Array): Uint8Array {
  const written = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  let current = ascii
  const even = written.replace(escapes, (run) => {
    const last = run.slice(-3)
    if (last === current) return ''
    current = last
    return last
  })
  return even.length === written.length ? bytes : Buffer.from(even, 'latin1')
}
