import { letter } from './code-patterns.ts'

const wholeWord = (...words: readonly string[]): RegExp =>
  new RegExp(`^(?:${words.join('|')})$`, 'iu')

const referenceWord = wholeWord(
  'orders?|invoices?|account|card|ending|tickets?|case|customer|reference|ref|tracking|phone',
  'tel|fax|call|suite|street|copyright|parcel|shipment|booking|confirmation',
  `bestell${letter}*|rechnung${letter}*|auftrag${letter}*|kunden${letter}*|konto|karte`,
  'telefon|téléphone|teléfono|commande|facture|compte|pedido|factura|cuenta|ordine|fattura',
  `заказ${letter}*|счёт${letter}*|счет${letter}*|телефон${letter}*`,
)
const linkingWord = wholeWord(
  'numbers?|nummer|numéro|número|numero|no|nr|id|in|with|mit|at|us|de|номер',
)
const sign = /[№#©]/
const between = /[\s:.()°-]/
const oneLetter = new RegExp(letter, 'u')
const digit = /\p{N}/u

/**
 * Whether the number after the text is a reference, as in `Order no. `. It reads backwards word by
 * word, because any number of words may lie between.
 */
export function isReferenceNumber(text: string): boolean {
  let end = text.length
  for (;;) {
    while (end > 0 && between.test(text.charAt(end - 1))) end -= 1
    if (sign.test(text.charAt(end - 1))) return true
    let start = end
    while (start > 0 && oneLetter.test(text.charAt(start - 1))) start -= 1
    if (start === end || digit.test(text.charAt(start - 1))) return false
    const word = text.slice(start, end)
    if (referenceWord.test(word)) return true
    if (!linkingWord.test(word)) return false
    end = start
  }
}
