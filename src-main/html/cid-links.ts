import { convert, type DomNode } from 'html-to-text'
import { isNestedDeep } from './nesting.ts'

export type HtmlLink = { readonly url: string; readonly text: string }

const htmlLimit = 500_000

/** Addresses of links in the order of the html, with the words that a person would press. */
export function linksOfHtml(html: string): HtmlLink[] {
  const cut = html.slice(0, htmlLimit)
  // The parser's time grows with the square of the depth.
  if (isNestedDeep(cut)) return []
  const found: HtmlLink[] = []
  const collect = (element: DomNode): void => {
    const { href = '' } = element.attribs ?? {}
    const text = textOf(element).replace(/\s+/g, ' ').trim()
    if (href.trim() !== '') found.push({ url: href.trim(), text })
  }
  try {
    convert(cut, {
      limits: { maxDepth: 100, ellipsis: '' },
      formatters: { collect },
      selectors: [
        { selector: 'a', format: 'collect' },
        { selector: 'area', format: 'collect' },
      ],
    })
  } catch {
    // What the parser cannot read has no links that a person could press.
  }
  return found
}

/** An image stands for its alternative text. */
function textOf(node: DomNode): string {
  if (node.type === 'text') return node.data ?? ''
  if (node.name === 'img') return node.attribs?.alt ?? ''
  return (node.children ?? []).map(textOf).join('')
}
