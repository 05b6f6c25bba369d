const maxDepth = 500

const emptyElements = words('area base br col embed hr img input link meta param source track wbr')
const cells = words('td th')
const rows = words('tr td th')
const terms = words('dt dd')

// The open elements that a start tag ends: many mails omit end tags.
const impliedEnd = new Map<string, ReadonlySet<string>>([
  ['li', words('li')],
  ['option', words('option')],
  ['td', cells],
  ['th', cells],
  ['tr', rows],
  ['dt', terms],
  ['dd', terms],
])
const paragraph = words('p')
for (const block of words('p div table ul ol dl h1 h2 h3 h4 h5 h6 blockquote pre form section')) {
  impliedEnd.set(block, paragraph)
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '))
}

// The lookahead matches a name whole: otherwise a long name would be tried in each of its lengths.
const tag = /<(\/?)([a-z][^\s<>/]*)(?![^\s<>/])[^<>]*>/gi

/** True when elements nest deeper than any mail needs. It may count too many, never too few. */
export function isNestedDeep(html: string): boolean {
  const open: string[] = []
  for (const [, slash, written = ''] of html.matchAll(tag)) {
    const name = written.toLowerCase()
    if (emptyElements.has(name)) continue
    if (slash === '/') {
      const index = open.lastIndexOf(name)
      if (index !== -1) open.length = index
      continue
    }
    const ended = impliedEnd.get(name)
    while (ended?.has(open.at(-1) ?? '')) open.pop()
    open.push(name)
    if (open.length > maxDepth) return true
  }
  return false
}
