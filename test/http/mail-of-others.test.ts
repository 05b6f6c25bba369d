import { describe, expect, it } from 'vitest'
import { startTestServer } from '../test-server.ts'

const testServer = await startTestServer()
const headers = { 'content-type': 'message/rfc822' }

/** Lines of latin-1 characters, so that a test writes each byte of a mail itself. */
const mail = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1')
const utf8 = (text: string): string => Buffer.from(text).toString('latin1')

async function read(raw: Buffer) {
  const { id } = await testServer.reply('POST /v1/inbox/import', { body: raw, headers })
  const params = { id }
  const detail = await testServer.reply('GET /v1/inbox/{id}', { params })
  const text = await testServer.request('GET /v1/inbox/{id}/text', { params })
  const html = await testServer.request('GET /v1/inbox/{id}/html', { params })
  const stored = await testServer.request('GET /v1/inbox/{id}/raw', { params })
  expect(stored.bytes.equals(raw)).toBe(true)
  return {
    ...detail,
    text: text.text.replaceAll('\r\n', '\n').trim(),
    html: html.status === 200 ? html.text.replaceAll('\r\n', '\n').trim() : null,
    files: detail.attachment_list.map(({ filename, size_bytes }) => [filename, size_bytes]),
  }
}

const subjectOf = async (...lines: string[]) => (await read(mail(...lines, '', 'x'))).subject
const textOf = async (...lines: string[]) => (await read(mail('Subject: x', ...lines))).text

describe('A subject as other programs write it', () => {
  it.each([
    [
      'ISO-2022-JP words that each end their escape',
      ['Subject: =?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=', ' =?ISO-2022-JP?B?GyRCOGwbKEI=?='],
      '日本語',
    ],
    [
      'ISO-2022-JP words that divide a character inside their escapes',
      ['Subject: =?ISO-2022-JP?B?GyRCRnxLGyhC?=', ' =?ISO-2022-JP?B?GyRCXDhsGyhC?='],
      '日本語',
    ],
    [
      'raw bytes inside an encoded word',
      ['Subject: =?iso-8859-1?Q?Caf\xe9_cr\xe8me?= for \xc3\xa9t\xc3\xa9'],
      'Café crème for été',
    ],
    [
      'a header in the charset of the body',
      ['Subject: \xcd\xee\xe2\xee\xf1\xf2\xe8', 'Content-Type: text/plain; charset=windows-1251'],
      'Новости',
    ],
    [
      'UTF-8 in spite of the charset of the body',
      [`Subject: ${utf8('Новости')}`, 'Content-Type: text/plain; charset=windows-1251'],
      'Новости',
    ],
    [
      'UTF-8 that is cut in a character',
      ['Subject: Z\xc3\xbcrich, Gen\xc3\xa8ve, B\xc3'],
      'Zürich, Genève, B\ufffd',
    ],
    ['latin-1', ['Subject: Z\xfcrich, Gen\xe8ve'], 'Zürich, Genève'],
    ['empty lines before the first field', ['', '  ', 'Subject: First'], 'First'],
    ['a byte order mark before the first field', ['\xef\xbb\xbfSubject: First'], 'First'],
    ['a blank before the first field', [' Subject: First', 'To: a@example.com'], 'First'],
  ])('%s is read', async (_, lines, expected) => {
    expect(await subjectOf(...lines)).toBe(expected)
  })
})

describe('A text as other programs write it', () => {
  it.each([
    [
      'UTF-8 with one bad byte',
      ['Content-Type: text/plain', '', `${utf8('Žluťoučký kůň')} \xff!`],
      'Žluťoučký kůň \ufffd!',
    ],
    [
      'UTF-8 with one bad byte, declared as ASCII',
      ['Content-Type: text/plain; charset=us-ascii', '', `${utf8('łódź')} \xe9`],
      'łódź \ufffd',
    ],
    ['latin-1 without a charset', ['', 'd\xe9j\xe0 vu'], 'déjà vu'],
    [
      'HTML whose <meta> names the charset',
      ['Content-Type: text/html', '', '<meta charset=koi8-r><p>\xf0\xd2\xc9\xd7\xc5\xd4'],
      'Привет',
    ],
    [
      'HTML whose <meta http-equiv> names the charset',
      [
        'Content-Type: text/html; charset=us-ascii',
        '',
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=euc-kr">',
        '<p>\xb0\xa1</p>',
      ],
      '가',
    ],
    [
      'HTML in UTF-8 whose <meta> still has the former charset',
      ['Content-Type: text/html', '', `<meta charset="iso-8859-2"><p>${utf8('naïve')}</p>`],
      'naïve',
    ],
    [
      'HTML whose declared charset differs from that of its <meta>',
      ['Content-Type: text/html; charset=iso-8859-1', '', '<meta charset=koi8-r><p>\xe9t\xe9</p>'],
      'été',
    ],
    [
      'HTML in ISO-2022-JP by its <meta>',
      ['Content-Type: text/html', '', '<meta charset="iso-2022-jp"><p>\x1b$BF|K\\\x1b(B</p>'],
      '日本',
    ],
    [
      'HTML in UTF-16 with its mark',
      ['Content-Type: text/html', '', '\xff\xfe<\0p\0>\0\xe9\0'],
      'é',
    ],
  ])('%s is read', async (_, lines, expected) => {
    expect(await textOf(...lines)).toBe(expected)
  })

  it('An encoded word is read in a disposition, a type and an encoding', async () => {
    const found = await read(
      mail(
        'Subject: x',
        'Content-Type: =?us-ascii?Q?text/html?=; charset=utf-8',
        'Content-Transfer-Encoding: =?us-ascii?B?YmFzZTY0?=',
        'Content-Disposition: =?utf-8?Q?Inline?=',
        '',
        Buffer.from('<b>é</b>').toString('base64'),
      ),
    )
    expect(found).toMatchObject({ has_html: true, html: '<b>é</b>', attachments: 0 })
  })
})

const part = (type: string, ...lines: string[]) => ['--b', `Content-Type: ${type}`, ...lines]
const mixed = (...lines: string[]) =>
  mail('Subject: x', 'Content-Type: multipart/mixed; boundary=b', '', ...lines, '--b--')
const picture = part('image/gif; name=dot.gif', '', 'GIF89a')

describe('A message in several parts', () => {
  it.each([
    ['one section', "boundary*=us-ascii''%3Dab", '=ab'],
    ['several sections', 'boundary*0=a; boundary*1="b c"', 'ab c'],
    ['several sections, one of them encoded', "boundary*0*=''%3Da;\r\n boundary*1=b", '=ab'],
    ['a trailing blank', 'boundary="ab "', 'ab'],
  ])('A boundary of %s divides the parts', async (_, written, boundary) => {
    const found = await read(
      mail(
        'Subject: x',
        `Content-Type: multipart/mixed; ${written}`,
        '',
        `--${boundary}`,
        '',
        'words',
        `--${boundary}`,
        'Content-Disposition: attachment; filename=a.txt',
        '',
        'file',
        `--${boundary}--`,
      ),
    )
    expect(found).toMatchObject({ text: 'words', files: [['a.txt', 4]] })
  })

  it('A multipart of a subtype that is not well-formed is divided', async () => {
    const lines = ['Subject: x', 'Content-Type: multipart/*; boundary=b', '']
    const found = await read(
      mail(...lines, ...part('text/plain', '', 'words'), ...picture, '--b--'),
    )
    expect(found).toMatchObject({ text: 'words', files: [['dot.gif', 6]] })
  })

  it('A named text after an empty part is shown', async () => {
    const named = part('text/plain; name=a.txt', '', 'words')
    const found = await read(mixed(...part('text/plain', '', ''), ...named))
    expect(found).toMatchObject({ text: 'words', attachments: 0 })
  })

  it('Text after a picture is shown below the text before it', async () => {
    const found = await read(
      mixed(...part('text/plain', '', 'before'), ...picture, ...part('text/plain', '', 'after')),
    )
    expect(found).toMatchObject({ text: 'before\nafter', html: null, files: [['dot.gif', 6]] })
  })

  it('The footer of a mailing list is shown below the HTML', async () => {
    const found = await read(
      mixed(...part('text/html', '', '<p>news</p>'), ...part('text/plain', '', '<list> & more')),
    )
    expect(found.text).toBe('news\n<list> & more')
    expect(found.html).toBe(
      '<p>news</p>\n<div style="white-space:pre-wrap">&lt;list&gt; &amp; more</div>',
    )
    expect(found).toMatchObject({ has_text: true, has_html: true, attachments: 0 })
  })

  it('HTML around a picture, beside one text, is shown whole', async () => {
    const found = await read(
      mail(
        'Subject: x',
        'Content-Type: multipart/alternative; boundary=a',
        '',
        '--a',
        '',
        'the text',
        '--a',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        ...part('text/html', '', '<i>one</i>'),
        ...picture,
        ...part('text/html', '', '<i>two</i>'),
        '--b--',
        '--a--',
      ),
    )
    expect(found).toMatchObject({
      text: 'the text',
      html: '<i>one</i>\n<i>two</i>',
      files: [['dot.gif', 6]],
    })
  })

  it('The view shows every part, and marks the search in each', async () => {
    const { id } = await read(
      mixed(...part('text/html', '', '<p>first find</p>'), ...part('text/plain', '', 'find <b>')),
    )
    const view = await testServer.reply('POST /v1/inbox/{id}/view', {
      params: { id },
      body: { highlight: 'find' },
    })
    const page = await testServer.ask('GET', view.url.replace(/#.*/, ''), { key: null })
    expect(page.text.match(/<mark[^>]*>find<\/mark>/g)).toHaveLength(2)
    expect(page.text).toContain('&lt;b&gt;')
  })

  it.each([
    ['an empty text', part('text/plain', '', '')],
    ['an empty multipart', ['--b', 'Content-Type: multipart/alternative; boundary=c', '', '']],
    ['an empty HTML', part('text/html', '', ' ')],
  ])('%s hides nothing that follows', async (_, empty) => {
    const found = await read(mixed(...empty, ...part('text/plain', '', 'words')))
    expect(found).toMatchObject({ text: 'words', has_text: true, has_html: false, attachments: 0 })
  })

  it('A text with a file name after the first text is an attachment', async () => {
    const file = part('text/plain; name=log.txt', '', 'log')
    const found = await read(mixed(...part('text/plain', '', 'see the log'), ...file))
    expect(found).toMatchObject({ text: 'see the log', files: [['log.txt', 3]] })
  })
})

describe('A Date field as other programs write it', () => {
  it.each([
    ['Tue, 9 Apr 96 07:15:00 -500', '1996-04-09T12:15:00.000Z'],
    ['Tue, 9 Apr 2019 11:15:00 PM PDT', '2019-04-10T06:15:00.000Z'],
    ['Tue, 9 Apr 2019 12:15 AM +0000', '2019-04-09T00:15:00.000Z'],
    ['Tue Apr  9 07:15:00 2019', '2019-04-09T07:15:00.000Z'],
    ['Tue Apr  9 07:15:00 CEST 2019', '2019-04-09T05:15:00.000Z'],
    ['9 Apr 2019 07:15:00 GMT+0200', '2019-04-09T05:15:00.000Z'],
    ['9 Apr 2019 07:15:00 +02:00', '2019-04-09T05:15:00.000Z'],
    ['9 (April) Apr 2019 07(hours) : 15 : 00 -0100 (somewhere)', '2019-04-09T08:15:00.000Z'],
    ['9 Apr 2019 07:15:00 IST', null],
    ['9 Apr 2019 07:15:00 XYZ', null],
    ['31 Apr 2019 07:15:00 +0000', null],
  ])('“%s” is read, or is null: it is never hours off', async (written, expected) => {
    expect((await read(mail(`Date: ${written}`, 'Subject: x', '', 'x'))).date).toBe(expected)
  })
})

describe('An address field as other programs write it', () => {
  it.each([
    ['Ann (of (the) \\) house) <ann(home)@example.com (her host)>', 'Ann', 'ann@example.com'],
    ['Ann <@one.example,@two.example:ann@example.com>', 'Ann', 'ann@example.com'],
    ['Ann <ann @ example . com>', 'Ann', 'ann@example.com'],
    ['<ann@example.com of example>', 'of example', 'ann@example.com'],
    ['"ann@example.com" <ann@example.com>', null, 'ann@example.com'],
    ['root', null, 'root'],
    ['root (Cron Daemon)', 'Cron Daemon', 'root'],
    ['Backup <backup>', 'Backup', 'backup'],
    ['=?utf-8?q?Caf=C3=A9?=', 'Café', ''],
  ])('“%s” is read', async (written, name, address) => {
    const { from, to } = await read(mail(`From: ${written}`, `To: ${written}`, '', 'x'))
    expect(from).toEqual({ name, address })
    expect(to).toEqual([{ name, address }])
  })
})
