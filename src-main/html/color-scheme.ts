import { insertHead } from './insert-head.ts'

/**
 * `light` and `dark` apply the styles of the HTML for that scheme, whatever the system prefers;
 * `forced` inverts the light ones.
 */
export type ColorScheme = 'light' | 'dark' | 'forced'

const query = /\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/gi
const media = /\bmedia\s*=\s*(?:"[^"<>]{0,500}"|'[^'<>]{0,500}')/gi
const styleTag = /<(\/?)style\b/gi
const declared =
  /(?<!prefers-)\b(?:supported-)?color-schemes?\b["']?\s*(?:content\s*=\s*["']?|:)[^;"'<>{}]{0,40}\bdark\b/i

/** True: the HTML has styles for dark, or declares support of it. */
export function hasDarkStyles(html: string): boolean {
  const asksForDark = [...html.matchAll(query)].some(
    ([, scheme]) => scheme?.toLowerCase() === 'dark',
  )
  return asksForDark || declared.test(html)
}

/**
 * A sandboxed frame follows the preference of the system only. So its media queries are replaced:
 * one is always true, the other never.
 */
export function inColorScheme(html: string, scheme: ColorScheme): string {
  const wanted = scheme === 'dark' ? 'dark' : 'light'
  const replaceQueries = (text: string) =>
    text.replace(query, (_, asked: string) =>
      asked.toLowerCase() === wanted ? '(min-width: 0)' : '(max-width: 0)',
    )
  const replaced = inStyles(html, replaceQueries).replace(media, replaceQueries)
  if (scheme === 'forced') return insertHead(replaced, invertedStyles)
  const isDark = scheme === 'dark' && declared.test(html)
  const colorScheme = isDark ? 'dark' : 'only light'
  return insertHead(
    replaced,
    `<style>@layer{:root{color-scheme:${colorScheme} !important}}</style>`,
  )
}

/** Changes the content of style elements, in one pass. */
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
 * Inverts lightness and keeps hues; images are inverted twice. `!important` in a layer wins over the
 * styles of the mail, although it comes first.
 */
const invertedStyles = `<style>@layer{
:root{color-scheme:only light !important;background:#fff !important;filter:invert(.92) hue-rotate(180deg) !important}
img,video,svg,input[type=image],[background],[style*="url("]{filter:invert(1) hue-rotate(180deg) contrast(1.19) !important}
[background] :is(img,video,svg),[style*="url("] :is(img,video,svg),svg svg{filter:none !important}
}</style>`
