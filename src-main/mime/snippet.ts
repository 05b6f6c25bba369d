const snippetLength = 200
const lookLength = 10_000

// Blanks and the characters newsletters fill their preview with. Alone between two others a joiner
// is part of an emoji or a Persian word, so only runs are folded.
const filler =
  /[\u034f\u17b4\u17b5\s\u00a0\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufeff\uffa0]{2,}/g
const loneFiller = /[\u034f\u00ad\u200b\u2060\ufeff]/g
// An address may not hold the start of another one, which keeps the search linear.
const linkAddress =
  /\[(?:https?:|mailto:)(?:(?!\[(?:https?:|mailto:))[^\]\s])*\]|<https?:[^<>\s]*>/gi
const quotedLine = /^[ \t]*>.*$/gm

/** The first words of a message that a person would see. */
export function snippetOf(text: string): string {
  const look = text.slice(0, lookLength)
  const own = fold(look.replace(quotedLine, ''))
  return clip(own === '' ? fold(look) : own)
}

function fold(text: string): string {
  return text
    .replace(linkAddress, ' ')
    .replace(filler, ' ')
    .replace(loneFiller, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}

/** Cuts between characters, not inside an emoji. */
function clip(text: string): string {
  if (text.length <= snippetLength) return text
  const cut = text.slice(0, snippetLength)
  return cut.replace(/[\ud800-\udbff]$|\u200d$/, '').trimEnd()
}
