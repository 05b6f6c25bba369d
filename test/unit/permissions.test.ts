import { describe, expect, it } from 'vitest'
import {
  grants,
  mailsagePermissionNames,
  mailsagePermissions,
  PermissionList,
  permissions,
  toMailsage,
} from '../../src-main/contract/permissions.ts'

describe('The two vocabularies of permissions', () => {
  it('Permissions of both vocabularies are accepted, without duplicates', () => {
    expect(PermissionList.parse(['manage_smtp', 'send', 'relays:read', 'send_email'])).toEqual([
      'relays:read',
      'relays:write',
      'send',
    ])
    expect(PermissionList.safeParse(['full_access']).success).toBe(false)
  })

  it.each(mailsagePermissionNames)(
    'The permission %s is the same after it is converted there and back',
    (name) => {
      expect(toMailsage(PermissionList.parse([name]))).toEqual([name])
    },
  )

  it('Every native permission is in the answer, under one name or the other', () => {
    for (const permission of permissions.filter((name) => name !== '*')) {
      const named = toMailsage([permission])
      expect(PermissionList.parse(named)).toContain(permission)
    }
  })

  it('Half of a MailSage permission keeps its native name', () => {
    expect(toMailsage(['logs:read'])).toEqual(['logs:read'])
    expect(toMailsage(['logs:read', 'usage:read'])).toEqual(['view_analytics'])
  })

  it('Full access is shown as all five MailSage permissions', () => {
    expect(toMailsage(['*'])).toEqual(Object.keys(mailsagePermissions))
  })
})

describe('The permissions that a key may grant', () => {
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
