import { Marked, type Tokens } from 'marked'

/** Renders a page of docs/ as HTML, without sanitising it: the text is our own. */
export function markdownToHtml(text: string, pages: readonly string[]): string {
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }: Tokens.Heading) {
        const html = this.parser.parseInline(tokens)
        return `<h${depth} id="${slugOf(html)}">${html}</h${depth}>\n`
      },
      // A wide table scrolls by itself, not with the page.
      table(token: Tokens.Table) {
        const row = (cells: readonly Tokens.TableCell[], tag: 'th' | 'td') =>
          `<tr>${cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('')}</tr>\n`
        const body = token.rows.map((cells) => row(cells, 'td')).join('')
        return `<div class="table" tabindex="0"><table><thead>${row(token.header, 'th')}</thead><tbody>${body}</tbody></table></div>\n`
      },
      link({ href, tokens }: Tokens.Link) {
        const html = this.parser.parseInline(tokens)
        const target = targetOf(href, pages)
        return target === null ? html : `<a href="${target}">${html}</a>`
      },
    },
  })
  return marked.parse(text, { async: false })
}

/** The target of a link inside `/docs`; null for a file that is not served. */
function targetOf(href: string, pages: readonly string[]): string | null {
  if (/^(https?:|#)/.test(href)) return href
  const [, name = '', anchor = ''] = /^([\w-]+)\.md(#[\w-]+)?$/.exec(href) ?? []
  return pages.includes(name) ? `/docs/${name}${anchor}` : null
}

/** The anchor that GitHub gives a heading, so that a link works in both places. */
const slugOf = (html: string): string =>
  html
    .replace(/<[^<>]*>/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-')
