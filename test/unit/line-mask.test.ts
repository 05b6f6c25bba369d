import { expect, it } from 'vitest'
import { createLineMask } from '../../src-main/outbound/line-mask.ts'

it('The mask hides credentials and nothing else', () => {
  const mask = createLineMask()
  const said = [
    ['server', '220 mx.example.com ESMTP'],
    ['client', 'EHLO mailsage'],
    ['client', 'AUTH PLAIN AHNob3AAc2VjcmV0'],
    ['server', '535 5.7.8 Wrong'],
    ['client', 'AUTH LOGIN'],
    ['server', '334 VXNlcm5hbWU6'],
    ['client', 'c2hvcA=='],
    ['server', '334 UGFzc3dvcmQ6'],
    ['client', 'c2VjcmV0'],
    ['server', '235 Welcome'],
    ['client', 'QUIT'],
  ] as const
  expect(said.map(([from, line]) => mask(from, line))).toEqual([
    '220 mx.example.com ESMTP',
    'EHLO mailsage',
    'AUTH PLAIN ••••••',
    '535 5.7.8 Wrong',
    'AUTH LOGIN',
    '334',
    '••••••',
    '334',
    '••••••',
    '235 Welcome',
    'QUIT',
  ])
})
