import { letter } from './code-words.ts'

const wholeWord = (...words: readonly string[]): RegExp =>
  new RegExp(`^(?:${words.join('|')})$`, 'iu')

const thing = wholeWord(
  'orders?|invoices?|account|card|ending|tickets?|case|customer|reference|ref|tracking|phone',
  'tel|fax|call|suite|street|copyright|parcel|shipment|booking|confirmation',
  `bestell${letter}*|rechnung${letter}*|auftrag${letter}*|kunden${letter}*|konto|karte`,
  'telefon|téléphone|teléfono|commande|facture|compte|pedido|factura|cuenta|ordine|fattura',
  `заказ${letter}*|счёт${letter}*|счет${letter}*|телефон${letter}*`,
)
const numberOf = wholeWord(
  'numbers?|nummer|numéro|número|numero|no|nr|id|in|with|mit|at|us|de|номер',
)
const sign = /[№#©]/
const between = /[\s:.()°-]/
const oneLetter = new RegExp(letter, 'u')
const digit = /\p{N}/u

/**
 * Whether the number that follows the text is the number of some thing: `Order no. `. Read from the
 * end, a word at a time, since there is no end to the words that may stand between.
 */
export function isNumberOfThing(text: string): boolean {
  let end = text.length
  for (;;) {
    while (end > 0 && between.test(text.charAt(end - 1))) end -= 1
    if (sign.test(text.charAt(end - 1))) return true
    let start = end
    while (start > 0 && oneLetter.test(text.charAt(start - 1))) start -= 1
    if (start === end || digit.test(text.charAt(start - 1))) return false
    const word = text.slice(start, end)
    if (thing.test(word)) return true
    if (!numberOf.test(word)) return false
    end = start
  }
}
