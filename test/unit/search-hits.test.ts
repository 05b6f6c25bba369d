import { describe, expect, it } from 'vitest'
import { hitPattern, rowFields, textFields } from '../../src-main/contract/search-hits.ts'

function marked(query: string, text: string, fields = rowFields): string {
  const hits = hitPattern(query, fields)
  return hits ? text.replace(hits, '[$1]') : text
}

describe('The marks of search hits', () => {
  it.each([
    ['win', 'Winter is windy, not twin', '[Win]ter is [win]dy, not twin'],
    ['winter ', 'Winterly winter', 'Winterly [winter]'],
    ['"for winter"', 'Invoice for  winter', 'Invoice [for  winter]'],
    ['frost leek', 'Leek in frosty frost', '[Leek] in frosty [frost]'],
    ['body:leek OR body:"long soup"', 'a long soup of leeks', 'a [long soup] of [leek]s'],
    ['subject:inv', 'invoice', '[inv]oice'],
    ['from:ada is:unread', 'ada is unread', 'ada is unread'],
    ['-ada -"no soup"', 'ada, no soup', 'ada, no soup'],
    ['a+b (c', 'a b c', '[a b] [c]'],
    ['', 'ada', 'ada'],
    ['before:soon', 'soon', 'soon'],
    ['größ', 'Größe', '[Größ]e'],
  ])('The search %j marks its terms in %j', (query, text, result) => {
    expect(marked(query, text)).toBe(result)
  })

  it('Terms of the subject are not marked in the text', () => {
    expect(marked('subject:inv body:due', 'invoice due', textFields)).toBe('invoice [due]')
  })
})
