const maxSnippetLength = 200
const maxLength = 10_000

// Blanks, and the invisible characters with which newsletters fill their preview. Only runs are
// removed: a single joiner may be part of an emoji or a Persian word.
const filler =
  /[\u034f\u17b4\u17b5\s\u00a0\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufeff\uffa0]{2,}/g
const loneFiller = /[\u034f\u00ad\u200b\u2060\ufeff]/g
// An address cannot contain the start of another one, which keeps the search linear.
const linkAddress =
  /\[(?:https?:|mailto:)(?:(?!\[(?:https?:|mailto:))[^\]\s])*\]|<https?:[^<>\s]*>/gi
const quotedLine = /^[ \t]*>.*$/gm

/** The first visible words of a message. */
export function snippetOf(text: string): string {
  const beginning = text.slice(0, maxLength)
  const own = fold(beginning.replace(quotedLine, ''))
  return clip(own === '' ? fold(beginning) : own)
}

function fold(text: string): string {
  return text
    .replace(linkAddress, ' ')
    .replace(filler, ' ')
    .replace(loneFiller, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}

/** Cuts between characters, never inside an emoji. */
function clip(text: string): string {
  if (text.length <= maxSnippetLength) return text
  const cut = text.slice(0, maxSnippetLength)
  return cut.replace(/[\ud800-\udbff]$|\u200d$/, '').trimEnd()
}
