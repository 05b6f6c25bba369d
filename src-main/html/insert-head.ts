const doctype = /^[\s\ufeff]*<!doctype\b[^>]*>/i

/**
 * Puts elements of ours before all others, so that a browser that paints what it has of a long page
 * paints it right; but behind the doctype, which would count for nothing anywhere but first
 * (HTML, 13.2.6.4.1 "The initial insertion mode"), and the page would be laid out in quirks mode.
 */
export function withFront(html: string, front: string): string {
  const [opening = ''] = doctype.exec(html) ?? []
  return opening + front + html.slice(opening.length)
}
