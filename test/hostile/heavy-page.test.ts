import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../src-main/base/clock.ts'
import { startReading } from '../../src-main/domain/reading/reading.ts'
import { viewPage } from '../../src-main/domain/reading/view-page.ts'
import { digest } from '../../src-main/mime/digest.ts'
import { plainPage } from '../../src-main/mime/encoded-part.ts'
import { openStorage } from '../unit/open-storage.ts'

const source = (html: string) => ({
  html: plainPage(html),
  attachments: digest(
    Buffer.from(
      'Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\nx\n--b\nContent-Type: image/png\nContent-ID: <a b>\n\nx\n--b--\n',
    ),
  ).attachments,
  address: '/view/x',
  scheme: 'light' as const,
  highlight: '',
  remoteContent: false,
})

function open() {
  const { folder, storage } = openStorage()
  const reading = startReading(folder, storage, systemClock, {
    maxMessageMs: 20_000,
    maxMemoryMb: 512,
  })
  onTestFinished(reading.close)
  return reading
}

it('Large pages delay no small request, and concurrent requests share one page', async () => {
  const reading = open()
  const ended: string[] = []
  const note = (name: string) => () => void ended.push(name)
  await reading.htmlToText('<p>warm</p>')
  const page = source('<a href=abc>x</a> '.repeat(100_000))
  const heavy = Array.from({ length: 6 }, () => reading.page(page).then(note('page')))
  const small = Promise.all([
    reading.htmlToText('<p>small</p>').then(note('words')),
    reading.extract({ subject: '', text: 'Code 123456', html: '' }).then(note('extract')),
  ])
  await Promise.all([...heavy, small])
  expect(ended).toEqual(['words', 'extract', ...Array(6).fill('page')])
})

it('A page over 5,000,000 characters is cut and marked as cut', () => {
  const page = viewPage(source('word '.repeat(1_200_000))).toString()
  expect(page.length).toBeLessThan(5_010_000)
  expect(page).toContain('its end is not shown')
  expect(viewPage(source('short')).toString()).not.toContain('its end is not shown')
})

it('A dead link after many entities is found', () => {
  const links = '<a href="&#106;avascript:x">y</a>'.repeat(20_000)
  expect(viewPage(source(links)).toString()).not.toMatch(/\shref=/)
})

it('An inline image is found by its escaped Content-ID, with any other attributes', () => {
  const html = '<img src="cid:a%20b"><img src="cid:%zz"><img src="cid:%ff">'
  expect(viewPage(source(html)).toString()).toContain(
    '<img src="/view/x/parts/0"><img src="cid:%zz"><img src="cid:%ff">',
  )
})
