const doctype = /^[\s\ufeff]*<!doctype\b[^>]*>/i

/**
 * Inserts elements before all others, so that the first paint of a long page has them; but after the
 * doctype, which counts in first place only (HTML, 13.2.6.4.1 "The initial insertion mode"). Without
 * it the page would be laid out in quirks mode.
 */
export function insertHead(html: string, head: string): string {
  const [opening = ''] = doctype.exec(html) ?? []
  return opening + head + html.slice(opening.length)
}
