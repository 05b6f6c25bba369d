import { describe, expect, it } from 'vitest'
import {
  grants,
  mailsagePermissionNames,
  mailsagePermissions,
  PermissionList,
  permissions,
  toMailsage,
} from '../../src-main/contract/permissions.ts'

describe('both vocabularies', () => {
  it('are taken together, without doubles', () => {
    expect(PermissionList.parse(['manage_smtp', 'send', 'relays:read', 'send_email'])).toEqual([
      'relays:read',
      'relays:write',
      'send',
    ])
    expect(PermissionList.safeParse(['full_access']).success).toBe(false)
  })

  it.each(mailsagePermissionNames)('%s there and back is itself', (name) => {
    expect(toMailsage(PermissionList.parse([name]))).toEqual([name])
  })

  it('every native permission is in the answer, by one name or the other', () => {
    for (const permission of permissions.filter((name) => name !== '*')) {
      const named = toMailsage([permission])
      expect(PermissionList.parse(named)).toContain(permission)
    }
  })

  it('half of a MailSage permission keeps its native name', () => {
    expect(toMailsage(['logs:read'])).toEqual(['logs:read'])
    expect(toMailsage(['logs:read', 'usage:read'])).toEqual(['view_analytics'])
  })

  it('everything is all five', () => {
    expect(toMailsage(['*'])).toEqual(Object.keys(mailsagePermissions))
  })
})

describe('grants', () => {
  it.each([
    [['*'], ['send', 'api-keys:write'], true],
    [['*'], ['*'], true],
    [['send'], ['send'], true],
    [['send'], ['send', 'logs:read'], false],
    [['logs:read'], ['logs:write' as 'logs:read'], false],
    [['send', 'logs:read'], ['*'], false],
    [[], [], true],
    [[], ['send'], false],
  ] as const)('%j covers %j: %s', (held, wanted, expected) => {
    expect(grants(held, wanted)).toBe(expected)
  })
})
