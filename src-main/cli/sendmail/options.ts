import { recipientsIn } from './recipients.ts'

export type SendmailOptions = {
  readonly takesRecipients: boolean
  readonly ignoresDots: boolean
  readonly sender: string | undefined
  readonly fullName: string | undefined
  readonly isVerbose: boolean
  readonly talksSmtp: boolean
  readonly recipients: readonly string[]
}

export class SendmailUsage extends Error {
  override readonly name = 'SendmailUsage'
}

/** Options with a value, joined to the letter or as the next argument. */
const withValue = 'BCDFLNORVXdfhopr'
/** Options whose value is optional and always joined. */
const withJoined = 'Abeq'
const switches = 'GUimntv'

/** Parses options as sendmail does: letters may be joined, and options without meaning here are accepted. */
export function readSendmailOptions(args: readonly string[], host: string): SendmailOptions {
  const recipients: string[] = []
  const seen = new Map<string, string>()
  const rest = [...args]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      recipients.push(...rest)
      break
    }
    if (!word.startsWith('-') || word === '-') recipients.push(word)
    else readLetters(word.slice(1), rest, seen)
  }
  const mode = seen.get('b') ?? 'm'
  if (mode !== 'm' && mode !== 's') throw new SendmailUsage(`-b${mode} is not supported.`)
  const oldStyle = seen.get('o') ?? ''
  return {
    takesRecipients: seen.has('t') || oldStyle.includes('t'),
    ignoresDots: seen.has('i') || oldStyle.includes('i'),
    sender: seen.get('f') ?? seen.get('r'),
    fullName: seen.get('F'),
    isVerbose: seen.has('v'),
    talksSmtp: mode === 's',
    recipients: recipients.flatMap((text) => recipientsIn(text, host)),
  }
}

function readLetters(letters: string, rest: string[], seen: Map<string, string>): void {
  for (let at = 0; at < letters.length; at++) {
    const letter = letters.charAt(at)
    const joined = letters.slice(at + 1)
    if (withValue.includes(letter)) {
      const value = joined === '' ? rest.shift() : joined
      if (value === undefined) throw new SendmailUsage(`-${letter} needs a value.`)
      seen.set(letter, letter === 'o' ? `${seen.get('o') ?? ''}${value.charAt(0)}` : value)
      return
    }
    if (withJoined.includes(letter)) return void seen.set(letter, joined)
    if (!switches.includes(letter)) throw new SendmailUsage(`-${letter} is not supported.`)
    seen.set(letter, '')
  }
}
