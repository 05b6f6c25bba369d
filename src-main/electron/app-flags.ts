import { flagOf, settings } from '../config.ts'

const known = new Set(Object.keys(settings).map((name) => `--${flagOf(name)}`))

/** Selects MailSage's flags by name; Chromium's flags are on the same command line. */
export function ownFlags(argv: readonly string[]): string[] {
  return argv.flatMap((word, index) => {
    const [flag = ''] = word.split('=')
    if (!known.has(flag)) return []
    return word.includes('=') ? [word] : argv.slice(index, index + 2)
  })
}
