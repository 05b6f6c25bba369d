/**
 * How the html is shown: by its styles for light or for dark, whatever the machine prefers, or by
 * those for light turned dark.
 */
export type ColorScheme = 'light' | 'dark' | 'forced'

const query = /\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/gi
/** Styles, and the `media` of a `<source>`, `<link>` or `<style>`. */
const styled = /<style\b[^>]*>[\s\S]*?<\/style\s*>|\bmedia\s*=\s*(?:"[^"<>]*"|'[^'<>]*')/gi
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
  const answered = html.replace(styled, (text) =>
    text.replace(query, (_, asked: string) =>
      asked.toLowerCase() === wanted ? '(min-width: 0)' : '(max-width: 0)',
    ),
  )
  if (scheme === 'forced') return `${answered}${turnedDark}`
  const isDark = scheme === 'dark' && declared.test(html)
  return `${answered}<style>:root{color-scheme:${isDark ? 'dark' : 'only light'} !important}</style>`
}

/** Light and dark change places, hues stay; pictures are turned a second time, back to themselves. */
const turnedDark = `<style>
:root{color-scheme:only light !important;background:#fff !important;filter:invert(.92) hue-rotate(180deg) !important}
img,video,svg,input[type=image],[background],[style*="url("]{filter:invert(1) hue-rotate(180deg) contrast(1.19) !important}
[background] :is(img,video,svg),[style*="url("] :is(img,video,svg),svg svg{filter:none !important}
</style>`
