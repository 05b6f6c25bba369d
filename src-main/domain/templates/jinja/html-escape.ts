import { print } from './print.ts'
import { isSpecial, type Markup, markup, type Value } from './values.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
}

/** HTML stays as it is. */
export const escapeHtml = (value: Value): Markup =>
  isSpecial(value, 'markup') ? value : markup(escapeText(print(value)))

/** The length of the escaped text, for the meter. */
export function escapedLength(text: string): number {
  let length = text.length
  for (let at = 0; at < text.length; at++) {
    const entity = entities[text[at] ?? '']
    if (entity) length += entity.length - 1
  }
  return length
}

export const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
