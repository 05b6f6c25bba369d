import { convert, type DomNode } from 'html-to-text'
import { isNestedDeep } from './nesting.ts'

export type HtmlLink = { readonly url: string; readonly text: string }

const maxLength = 500_000

/** The links of the HTML in their order, with their visible text. */
export function linksOfHtml(html: string): HtmlLink[] {
  const cut = html.slice(0, maxLength)
  // The time of the parser grows with the square of the depth.
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
    // HTML that the parser cannot read has no usable links.
  }
  return found
}

/** The text of an image is its `alt`. */
function textOf(node: DomNode): string {
  if (node.type === 'text') return node.data ?? ''
  if (node.name === 'img') return node.attribs?.alt ?? ''
  return (node.children ?? []).map(textOf).join('')
}
