import type { Target } from './bridge.ts'

export type StartWords = {
  readonly files: readonly string[]
  readonly target: Target | null
  readonly hidden: boolean
}

const screens = { message: ['inbox', 'msg'], key: ['keys', 'key'] } as const

/**
 * Arguments besides settings: files to import, a target to open, to start hidden. Browsers and file
 * managers pass them, so only exact forms are accepted.
 */
export function readStartWords(argv: readonly string[]): StartWords {
  const words = argv.slice(1)
  return {
    files: words.filter((word) => /\.eml$/i.test(word) && !word.startsWith('-')),
    target: words.map(targetOf).find((target) => target !== null) ?? null,
    hidden: words.includes('--hidden'),
  }
}

/** `mailsage://message/msg_…` and `mailsage://key/key_…`; null for anything else. */
export function targetOf(address: string): Target | null {
  const [, noun, id = ''] = /^mailsage:\/\/(message|key)\/(\w{1,64})\/?$/.exec(address) ?? []
  if (noun !== 'message' && noun !== 'key') return null
  const [screen, prefix] = screens[noun]
  const [start, rest = ''] = id.split('_')
  return start === prefix && /^[0-9A-Za-z]{4,40}$/.test(rest) ? { screen, id } : null
}
