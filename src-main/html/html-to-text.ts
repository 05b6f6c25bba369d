import { compile } from 'html-to-text'
import { isNestedDeep } from './nesting.ts'

const htmlLimit = 500_000

const convert = compile({
  wordwrap: false,
  // Hostile nesting must not use up the stack.
  limits: { maxDepth: 100, ellipsis: '' },
  selectors: [
    { selector: 'title', format: 'skip' },
    { selector: 'img', format: 'skip' },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false } },
    // Cells would run together: most mail is laid out with tables.
    ...['tr', 'td', 'th'].map((selector) => ({
      selector,
      format: 'block',
      options: { leadingLineBreaks: 1, trailingLineBreaks: 1 },
    })),
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
      selector,
      options: { uppercase: false },
    })),
  ],
})

/** The visible text of the HTML, as lines with the URLs of links. */
export function htmlToText(html: string): string {
  const cut = html.length > htmlLimit ? html.slice(0, htmlLimit) : html
  // The parser's time grows with the square of the depth.
  if (isNestedDeep(cut)) return withoutTags(cut)
  try {
    return convert(cut)
  } catch {
    return withoutTags(cut)
  }
}

function withoutTags(html: string): string {
  return html.replace(/<[^<>]*>/g, ' ')
}
