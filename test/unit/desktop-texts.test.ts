import { describe, expect, it } from 'vitest'
import { readStartWords, targetOf } from '../../src-main/electron/launch-args.ts'
import { noticeOf } from '../../src-main/electron/notification-text.ts'

const id = 'msg_06bqz0f7h3k2p9x4abcdef'

describe('A mailsage: link', () => {
  it.each([
    [`mailsage://message/${id}`, { screen: 'inbox', id }],
    [`mailsage://message/${id}/`, { screen: 'inbox', id }],
    ['mailsage://key/key_4fTq9ZbA', { screen: 'keys', id: 'key_4fTq9ZbA' }],
    [`mailsage://key/${id}`, null],
    ['mailsage://message/key_4fTq9ZbA', null],
    ['mailsage://message/', null],
    ['mailsage://message/msg_../../x', null],
    [`mailsage://message/${id}?x=1`, null],
    [`mailsage://message/${id}#/keys`, null],
    ['mailsage://message/msg_<script>', null],
    ['mailsage://settings/plan', null],
    [`MAILSAGE://message/${id}`, null],
    [`https://message/${id}`, null],
    [`mailsage://message/msg_${'a'.repeat(70)}`, null],
    [`x mailsage://message/${id}`, null],
  ])('%s opens its target', (address, target) => expect(targetOf(address)).toEqual(target))
})

describe('The launch arguments', () => {
  it.each([
    [['app'], { files: [], target: null, hidden: false }],
    [['app', '--hidden'], { files: [], target: null, hidden: true }],
    [
      ['app', '/mail/a.eml', '--no-sandbox', 'B.EML'],
      { files: ['/mail/a.eml', 'B.EML'], target: null, hidden: false },
    ],
    [['app', '--data-folder=x.eml'], { files: [], target: null, hidden: false }],
    [
      ['app', `mailsage://message/${id}`],
      { files: [], target: { screen: 'inbox', id }, hidden: false },
    ],
    [['/odd/name.eml'], { files: [], target: null, hidden: false }],
  ])('The arguments %j are parsed', (argv, words) => expect(readStartWords(argv)).toEqual(words))
})

describe('A notification', () => {
  const from = { name: 'Fern', address: 'login@fern.example' }
  it.each([
    [{ from, subject: 'Hi' }, [], { title: 'Fern', body: 'Hi', code: null }],
    [
      { from, subject: 'Sign in' },
      ['482913', '1'],
      { title: 'Fern', body: 'Sign in\nCode: 482913', code: '482913' },
    ],
    [
      { from: { name: null, address: 'a@b.example' }, subject: '' },
      [],
      { title: 'a@b.example', body: '(no subject)', code: null },
    ],
    [
      { from: { name: null, address: '' }, subject: 'x'.repeat(300) },
      [],
      { title: '(no sender)', body: `${'x'.repeat(200)}…`, code: null },
    ],
  ])(
    'The notification of %j with the codes %j has its title, body and code',
    (message, codes, notice) => expect(noticeOf(message, codes)).toEqual(notice),
  )
})
