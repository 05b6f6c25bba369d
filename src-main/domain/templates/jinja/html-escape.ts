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

export const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
