import { withFront } from './insert-head.ts'

/**
 * How the html is shown: by its styles for light or for dark, whatever the machine prefers, or by
 * those for light turned dark.
 */
export type ColorScheme = 'light' | 'dark' | 'forced'

const query = /\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/gi
const media = /\bmedia\s*=\s*(?:"[^"<>]{0,500}"|'[^'<>]{0,500}')/gi
const styleTag = /<(\/?)style\b/gi
const declared =
  /(?<!prefers-)\b(?:supported-)?color-schemes?\b["']?\s*(?:content\s*=\s*["']?|:)[^;"'<>{}]{0,40}\bdark\b/i

/** The author thought of dark. */
export function hasDarkStyles(html: string): boolean {
  const asksForDark = [...html.matchAll(query)].some(
    ([, scheme]) => scheme?.toLowerCase() === 'dark',
  )
  return asksForDark || declared.test(html)
}

/**
 * A frame in a sandbox hears of the machine's preference only. So the questions for it are answered
 * here: one is always true, the other never.
 */
export function inColorScheme(html: string, scheme: ColorScheme): string {
  const wanted = scheme === 'dark' ? 'dark' : 'light'
  const answer = (text: string) =>
    text.replace(query, (_, asked: string) =>
      asked.toLowerCase() === wanted ? '(min-width: 0)' : '(max-width: 0)',
    )
  const answered = inStyles(html, answer).replace(media, answer)
  if (scheme === 'forced') return withFront(answered, turnedDark)
  const isDark = scheme === 'dark' && declared.test(html)
  const schemeWords = isDark ? 'dark' : 'only light'
  return withFront(answered, `<style>@layer{:root{color-scheme:${schemeWords} !important}}</style>`)
}

/** Changes what stands in style elements, in one walk through the html. */
function inStyles(html: string, change: (style: string) => string): string {
  let done = 0
  let opened = -1
  let changed = ''
  for (const { 1: slash, index } of html.matchAll(styleTag)) {
    if (slash === '') opened = opened < 0 ? index : opened
    else if (opened >= 0) {
      changed += html.slice(done, opened) + change(html.slice(opened, index))
      done = index
      opened = -1
    }
  }
  return changed + html.slice(done)
}

/**
 * Light and dark change places, hues stay; pictures are turned a second time, back to themselves. What
 * is important in a layer wins over the author's, though it stands first.
 */
const turnedDark = `<style>@layer{
:root{color-scheme:only light !important;background:#fff !important;filter:invert(.92) hue-rotate(180deg) !important}
img,video,svg,input[type=image],[background],[style*="url("]{filter:invert(1) hue-rotate(180deg) contrast(1.19) !important}
[background] :is(img,video,svg),[style*="url("] :is(img,video,svg),svg svg{filter:none !important}
}</style>`
