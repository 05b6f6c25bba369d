import { expect, it } from 'vitest'
import { viewPage } from '../../src-main/domain/reading/view-page.ts'
import { hasDarkStyles, inColorScheme } from '../../src-main/html/color-scheme.ts'
import { remoteContentOf } from '../../src-main/html/remote-content.ts'
import { plainPage } from '../../src-main/mime/encoded-part.ts'

it('Media queries are replaced in styles only', () => {
  const question = '(prefers-color-scheme: dark)'
  const html = `${question}<STYLE>@media ${question} {}</STYLE>${question}
    <source media="${question}"><style>@media ${question} and (width > 1px) {}`
  const shown = inColorScheme(html, 'dark')
  expect(shown.match(/\(min-width: 0\)/g)).toHaveLength(2)
  // The HTML parser does not complete a style without an end.
  expect(shown.match(/prefers-color-scheme/g)).toHaveLength(3)
})

it('Elements are inserted after the doctype, so that the page is not in quirks mode', () => {
  const shown = inColorScheme('\n<!DOCTYPE html>\n<html><body>Hi', 'light')
  expect(shown).toMatch(/^\n<!DOCTYPE html><style>.*<\/style>\n<html><body>Hi$/)
  expect(inColorScheme('<p>Hi', 'forced')).toMatch(/^<style>[\s\S]*<\/style><p>Hi$/)
})

it.each([
  '<style>',
  '<style ',
  '</style',
  'media="',
  '<link ',
  'src=',
  'url(',
  'srcset="',
  'color-scheme:',
  'data   ',
  ' ',
  '<!doctype',
  '@import"',
  '(prefers-color-scheme ',
  '<a ',
  '<a target="',
  'cid:',
])('A megabyte of %s is processed in linear time', (piece) => {
  const html = piece.repeat(Math.ceil(1_000_000 / piece.length))
  const started = performance.now()
  remoteContentOf(html)
  hasDarkStyles(html)
  viewPage({
    html: plainPage(html),
    attachments: [],
    address: '/view/x',
    scheme: 'light',
    highlight: 'x',
    remoteContent: false,
  })
  expect(performance.now() - started).toBeLessThan(3000)
})
