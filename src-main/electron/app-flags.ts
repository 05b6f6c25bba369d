import { flagOf, settings } from '../config.ts'

const known = new Set(Object.keys(settings).map((name) => `--${flagOf(name)}`))

/** Chromium reads the same command line and has flags of its own; ours are known by name. */
export function ownFlags(argv: readonly string[]): string[] {
  return argv.flatMap((word, index) => {
    const [flag = ''] = word.split('=')
    if (!known.has(flag)) return []
    return word.includes('=') ? [word] : argv.slice(index, index + 2)
  })
}
