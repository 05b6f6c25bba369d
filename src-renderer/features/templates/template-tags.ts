export type TemplateTag = { readonly opening: string; readonly inside: string }

type TagKind = readonly [opening: string, closing: string]

const handlebarsComment: TagKind = ['{{!--', '--}}']
const handlebarsTag: TagKind = ['{{', '}}']
const jinjaComment: TagKind = ['{#', '#}']
const liquidTags: readonly TagKind[] = [
  ['{{', '}}'],
  ['{%', '%}'],
]

export const handlebarsTagsOf = (source: string): TemplateTag[] =>
  tagsOf(source, [handlebarsComment, handlebarsTag]).filter(
    ({ opening }) => opening !== handlebarsComment[0],
  )

/** Skips tags inside `comment` and `raw` blocks. */
export const liquidTagsOf = (source: string): TemplateTag[] =>
  visibleTags(tagsOf(source, liquidTags), ['comment', 'raw'])

/** Skips comments, and tags inside `raw` blocks. */
export const jinjaTagsOf = (source: string): TemplateTag[] =>
  visibleTags(tagsOf(source, [jinjaComment, ...liquidTags]), ['raw']).filter(
    ({ opening }) => opening !== jinjaComment[0],
  )

function visibleTags(tags: readonly TemplateTag[], hiding: readonly string[]): TemplateTag[] {
  const found: TemplateTag[] = []
  let hiddenBy: string | null = null
  for (const { opening, inside } of tags) {
    const tag = inside.replace(/^[-+]/, '').replace(/[-+]$/, '').trim()
    const statement = opening === '{%' ? tag : null
    if (hiddenBy !== null) {
      if (statement === `end${hiddenBy}`) hiddenBy = null
    } else if (statement !== null && hiding.includes(statement)) hiddenBy = statement
    else found.push({ opening, inside: tag })
  }
  return found
}

/** Runs in linear time: a closing tag that is missing once is not searched for again. */
function tagsOf(source: string, kinds: readonly TagKind[]): TemplateTag[] {
  const found: TemplateTag[] = []
  const unclosed = new Set<TagKind>()
  let at = 0
  for (;;) {
    at = source.indexOf('{', at)
    if (at < 0) return found
    const kind = kinds.find((one) => !unclosed.has(one) && source.startsWith(one[0], at))
    const [opening = '', closing = ''] = kind ?? []
    const end = kind ? source.indexOf(closing, at + opening.length) : -1
    if (kind && end < 0) unclosed.add(kind)
    else if (kind) {
      found.push({ opening, inside: source.slice(at + opening.length, end) })
      at = end + closing.length
    } else at += 1
  }
}
