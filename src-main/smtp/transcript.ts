import { isDomain } from '../contract/addresses.ts'
import type { Fault } from '../contract/faults.ts'
import type { Caller } from '../domain/auth/caller.ts'
import type { Conversation, Requests } from '../domain/request-log/requests.ts'

/** The other side of a connection. */
export type Client = {
  readonly address: string
  /** The domain or address literal of EHLO or HELO; empty: it gave another name, or none. */
  name: string
  /** The version of TLS in use. */
  tls: string | null
}

const maxLineLength = 500
const maxLines = 120
const leftOut = 'S: (lines left out here)'

/** Commands whose argument tells how the mail came. */
const greetings = new Set(['EHLO', 'HELO'])
const paths = new Set(['MAIL', 'RCPT'])
const others = new Set('LHLO DATA RSET NOOP QUIT VRFY EXPN HELP STARTTLS BDAT'.split(' '))
const firstMail = /^MAIL /i
/** Any other word behind AUTH may be the secret itself. */
const mechanism =
  /^AUTH +(?:PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|SCRAM-SHA-\d+|XOAUTH2|OAUTHBEARER|NTLM)(?!\S)/i

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
    // A key that is cut in two would not be known as one.
    const isLong = line.length > maxLineLength
    const cut = isLong ? `${requests.maskSecrets(line).slice(0, maxLineLength)}…` : line
    if (!hasOpened && openingLines < maxLines) {
      opening += `${cut}\n`
      openingLines += 1
      return
    }
    // The first and the last lines of a long conversation tell most.
    if (lines.length >= maxLines) {
      lines.splice(maxLines / 2, 1)
      lines[maxLines / 2 - 1] = leftOut
    }
    lines.push(cut)
  }

  /** What was said last, after the opening, whole or by the name it is kept under. */
  function conversation(beginning: string, openedIn?: string): Conversation {
    return {
      ...(openedIn === undefined ? {} : { openedIn }),
      text: beginning + lines.join('\n'),
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

/**
 * After an AUTH that failed some clients send their password where a command should be, or as the
 * argument of one. A line of the protocol holds no control characters: what is behind one was meant
 * for another line, and nobody knows for which.
 */
function withoutSecrets(line: string): string {
  const [, verb = '', gap = '', argument = ''] = /^([A-Za-z]+)(?!\S)( *)([\s\S]*)$/.exec(line) ?? []
  const command = verb.toUpperCase()
  if (command === 'AUTH') return withoutCredentials(line, verb)
  if (greetings.has(command)) return verb + gap + (isDomain(argument) ? argument : left(argument))
  if (paths.has(command)) return verb + gap + shown(argument)
  if (others.has(command)) return argument === '' ? line : `${verb} ${left(argument)}`
  return `(${line.length} characters that are no command)`
}

function withoutCredentials(line: string, verb: string): string {
  const [named = verb] = mechanism.exec(line) ?? []
  return line.trim() === named ? named : `${named} (credentials)`
}

function shown(argument: string): string {
  const end = argument.search(/\p{Cc}/u)
  return end === -1 ? argument : argument.slice(0, end) + left(argument.slice(end))
}

const left = (text: string): string => `(${text.length} characters left out)`
