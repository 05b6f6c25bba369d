import { expect, it } from 'vitest'
import { headerMeaning } from '../../src-renderer/message/header-meanings.ts'
import {
  parseAuthResults,
  parseHops,
  parseListUrls,
} from '../../src-renderer/message/header-reading.ts'

it('The hops of a message are listed from the first, with their durations', () => {
  const hops = parseHops([
    {
      name: 'Received',
      value:
        'from mx.out.example (mx [10.0.0.1]) by mx.in.example (Postfix with love) with ESMTPS id 1 for <a@b.example>; Sat, 21 Nov 2026 10:00:09 +0000 (UTC)',
    },
    { name: 'Subject', value: 'x' },
    {
      name: 'received',
      value: 'from app by mx.out.example with SMTP id 2; Sat, 21 Nov 2026 11:00:04 +0100',
    },
  ])
  expect(hops).toEqual([
    {
      from: 'app',
      by: 'mx.out.example',
      protocol: 'SMTP',
      at: Date.UTC(2026, 10, 21, 10, 0, 4),
      delayMs: null,
      isEncrypted: false,
    },
    {
      from: 'mx.out.example',
      by: 'mx.in.example',
      protocol: 'ESMTPS',
      at: Date.UTC(2026, 10, 21, 10, 0, 9),
      delayMs: 5000,
      isEncrypted: true,
    },
  ])
})

it('A Received field that cannot be parsed is still a hop', () => {
  expect(parseHops([{ name: 'Received', value: 'whatever; not a date' }])).toEqual([
    { from: null, by: null, protocol: null, at: null, delayMs: null, isEncrypted: false },
  ])
})

it('The authentication results of the receiving server are read', () => {
  expect(
    parseAuthResults(
      'mx.example.com 1; spf=pass (ok; really) smtp.mailfrom=a.example; DKIM=Fail header.d=a.example; none',
    ),
  ).toEqual({
    server: 'mx.example.com',
    results: [
      { method: 'spf', result: 'pass', about: 'smtp.mailfrom=a.example' },
      { method: 'DKIM', result: 'fail', about: 'header.d=a.example' },
    ],
  })
})

it('Only URLs that are safe to open are links', () => {
  expect(
    parseListUrls('<https://a.example/out>, <mailto:out@a.example>, <javascript:alert(1)>'),
  ).toEqual(['https://a.example/out', 'mailto:out@a.example'])
})

it.each([
  ['Subject', true],
  ['LIST-UNSUBSCRIBE-POST', true],
  ['X-Shop-Order', true],
  ['ARC-Seal', true],
  ['Zebra', false],
])('Whether %s has an explanation: %s', (name, isKnown) => {
  expect(headerMeaning(name) !== null).toBe(isKnown)
})
