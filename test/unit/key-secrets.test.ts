import { describe, expect, it } from 'vitest'
import { checksum } from '../../src-main/base/ids.ts'
import { digest, isMistyped, makeSecret } from '../../src-main/domain/auth/key-secrets.ts'

describe('The format of a key', () => {
  it.each([
    ['ms', 'live'],
    ['ms', 'test'],
    ['sk', 'live'],
    ['sk', 'test'],
  ] as const)(
    'A key of %s_%s consists of its prefix, its public id, its secret and a checksum',
    (family, mode) => {
      const { key, keyId, prefix } = makeSecret(family, mode)
      expect(prefix).toBe(`${family}_${mode}_${keyId}`)
      expect(keyId).toMatch(/^[0-9A-Za-z]{8}$/)
      expect(key).toMatch(new RegExp(`^${prefix}[0-9A-Za-z]{30}$`))
      expect(isMistyped(key)).toBe(false)
    },
  )

  it.each([
    ['ms_live_AbCdEfGh0123456789abcdefghijklmn', '3i5OTp'],
    ['sk_test_00000000zzzzzzzzzzzzzzzzzzzzzzzz', '3Tjh6x'],
    ['ms_test_Zz9Yy8XxTheQuickBrownFoxJumps000', '0m66Wz'],
    ['', '000000'],
  ])('The checksum of “%s” is %s, as in earlier releases', (body, word) => {
    expect(checksum(body)).toBe(word)
    expect(isMistyped(body + word)).toBe(false)
  })

  it('A rotated key keeps its public id and nothing else', () => {
    const [old, made] = [makeSecret('ms', 'live', 'AbCdEfGh'), makeSecret('ms', 'live', 'AbCdEfGh')]
    expect(old.prefix).toBe(made.prefix)
    expect(old.key).not.toBe(made.key)
  })

  it('No two keys are the same', () => {
    const keys = Array.from({ length: 5000 }, () => makeSecret('ms', 'live').key)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('Every character of the alphabet is about equally frequent', () => {
    const counts = new Map<string, number>()
    const total = 5000 * 24
    for (let made = 0; made < 5000; made++) {
      for (const letter of makeSecret('ms', 'live').key.slice(16, 40)) {
        counts.set(letter, (counts.get(letter) ?? 0) + 1)
      }
    }
    expect(counts.size).toBe(62)
    // Six standard deviations, so that chance alone never fails this.
    const expected = total / 62
    const tolerance = 6 * Math.sqrt(expected)
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(tolerance)
  })
})

describe('A mistyped key', () => {
  it('A wrong letter at any position tells a mistyped key from an unknown one', () => {
    const { key } = makeSecret('ms', 'live')
    for (let place = 'ms_live_'.length; place < key.length; place++) {
      const wrong = key.charAt(place) === 'a' ? 'b' : 'a'
      expect(isMistyped(key.slice(0, place) + wrong + key.slice(place + 1))).toBe(true)
    }
  })

  it('A key that is cut, too long, or has two letters exchanged is mistyped', () => {
    const { key } = makeSecret('sk', 'test', 'AbCdEfGh')
    expect(isMistyped(key.slice(0, -1))).toBe(true)
    expect(isMistyped(`${key}x`)).toBe(true)
    expect(isMistyped(key.replace('AbCd', 'bACd'))).toBe(true)
    expect(isMistyped('ms_live_')).toBe(true)
  })

  it('Text of another format is not a mistyped key', () => {
    for (const other of ['', 'hello', 're_123456', 'ms_prod_x', 'SG.abc']) {
      expect(isMistyped(other)).toBe(false)
    }
  })
})

it('A digest is SHA-256, and the same for the same key', () => {
  expect(digest('abc').toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})
