import type { Fault } from '../../contract/faults.ts'
import type { Caller } from '../../domain/caller.ts'
import type { Conversation, Requests } from '../../domain/requests.ts'

/** The other side of a connection. */
export type Client = {
  readonly address: string
  /** What it calls itself with EHLO or HELO. */
  name: string
  /** The version of TLS in use. */
  tls: string | null
}

const longestLine = 500
const mostLines = 120
const leftOut = 'S: (lines left out here)'

const commands = new Set(
  'EHLO HELO LHLO MAIL RCPT DATA RSET NOOP QUIT VRFY EXPN HELP STARTTLS AUTH BDAT'.split(' '),
)
const firstMail = /^MAIL /i
const key = /\b((?:ms|sk)_(?:live|test|console)_)\w+/g

/** What a session says, bounded, without credentials and bodies; written down behind the answers. */
export function openTranscript(requests: Requests, client: Client, requestId: string) {
  const startedAt = performance.now()
  /** From the greeting up to the first message: every message's transcript begins with it. */
  let opening = ''
  let openingLines = 0
  let hasOpened = false
  let lines: string[] = []
  let caller: Caller | null = null
  let messages = 0
  let refusals = 0
  let fault: Fault | null = null
  requests.sessionOpened()

  function note(line: string): void {
    const cut = line.length > longestLine ? `${line.slice(0, longestLine)}…` : line
    if (!hasOpened && openingLines < mostLines) {
      opening += `${withoutKeys(cut)}\n`
      openingLines += 1
      return
    }
    // The first and the last lines of a long conversation tell most.
    if (lines.length >= mostLines) {
      lines.splice(mostLines / 2, 1)
      lines[mostLines / 2 - 1] = leftOut
    }
    lines.push(cut)
  }

  /** What was said last, after the opening, whole or by the name it is kept under. */
  function conversation(beginning: string, openedIn?: string): Conversation {
    return {
      ...(openedIn === undefined ? {} : { openedIn }),
      text: beginning + withoutKeys(lines.join('\n')),
      address: client.address,
      tls: client.tls,
      userAgent: client.name,
      requestId,
      durationMs: Math.round((performance.now() - startedAt) * 100) / 100,
    }
  }

  return {
    /** A line of the client's; `isSecret`: part of an AUTH exchange. */
    heard(line: string, isSecret: boolean): void {
      if (!hasOpened && firstMail.test(line)) hasOpened = true
      note(`C: ${isSecret ? '(credentials)' : withoutSecrets(line)}`)
    },

    heardMessage: (sizeBytes: number): void => note(`C: (${sizeBytes} bytes of message)`),

    said: (reply: string): void => note(`S: ${reply}`),

    signedIn(by: Caller): void {
      caller = by
    },

    refused(by: Fault): void {
      refusals += 1
      fault = by
    },

    /** A message was taken and the client was told so. */
    accepted(publicId: string): void {
      messages += 1
      const openedIn = `${requestId}-opening`
      if (messages === 1) requests.transcribe(publicId, conversation(opening))
      else requests.transcribe(publicId, conversation('', openedIn))
      lines = []
      // Whoever sends many messages has said hello once: written once, and not with each.
      if (messages === 2) requests.transcribe(openedIn, conversation(opening))
    },

    close(): void {
      requests.sessionClosed()
      if (!caller) return
      if (refusals > 0) requests.transcribe(requestId, conversation(opening))
      requests.session({
        caller,
        durationMs: performance.now() - startedAt,
        address: client.address,
        userAgent: client.name,
        tls: client.tls,
        requestId,
        messages,
        refusals,
        fault: fault?.code ?? null,
      })
    },
  }
}

/** After an AUTH that failed some clients send their password where a command should be. */
function withoutSecrets(line: string): string {
  const end = line.indexOf(' ')
  const command = (end === -1 ? line : line.slice(0, end)).toUpperCase()
  if (!commands.has(command)) return `(${line.length} characters that are no command)`
  return command === 'AUTH' ? line.replace(/^(\S+\s+\S+\s+)\S.*/, '$1(credentials)') : line
}

/** To look for what is rarely there costs far less than to replace it. */
function withoutKeys(text: string): string {
  const mayHold = text.includes('_live_') || text.includes('_test_') || text.includes('_console_')
  return mayHold ? text.replace(key, '$1…') : text
}
