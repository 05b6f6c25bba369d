import { isDomain } from '../contract/addresses.ts'
import type { Fault } from '../contract/faults.ts'
import type { Caller } from '../domain/auth/caller.ts'
import type { Requests, StoredTranscript } from '../domain/request-log/requests.ts'

/** The client of a connection. */
export type Client = {
  readonly address: string
  /** The domain or address literal of EHLO or HELO; empty: none, or another name. */
  name: string
  /** The version of TLS in use. */
  tls: string | null
}

const maxLineLength = 500
const maxLines = 120
const omittedLines = 'S: (lines omitted here)'

/** Commands whose argument tells how the mail came. */
const greetings = new Set(['EHLO', 'HELO'])
const paths = new Set(['MAIL', 'RCPT'])
const others = new Set('LHLO DATA RSET NOOP QUIT VRFY EXPN HELP STARTTLS BDAT'.split(' '))
const firstMail = /^MAIL /i
/** Any other argument of AUTH may be the secret itself. */
const mechanism =
  /^AUTH +(?:PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|SCRAM-SHA-\d+|XOAUTH2|OAUTHBEARER|NTLM)(?!\S)/i

/** The transcript of a session: bounded, without credentials and message data. */
export function openTranscript(requests: Requests, client: Client, requestId: string) {
  const startedAt = performance.now()
  /** From the greeting to the first MAIL: the transcript of each message begins with it. */
  let opening = ''
  let openingLines = 0
  let hasOpened = false
  let lines: string[] = []
  let caller: Caller | null = null
  let messages = 0
  let refusals = 0
  let fault: Fault | null = null
  requests.onSessionOpen()

  function note(line: string): void {
    // Masked before it is cut: half a key would not be recognised.
    const isLong = line.length > maxLineLength
    const cut = isLong ? `${requests.maskSecrets(line).slice(0, maxLineLength)}…` : line
    if (!hasOpened && openingLines < maxLines) {
      opening += `${cut}\n`
      openingLines += 1
      return
    }
    // A long transcript keeps its first and its last lines.
    if (lines.length >= maxLines) {
      lines.splice(maxLines / 2, 1)
      lines[maxLines / 2 - 1] = omittedLines
    }
    lines.push(cut)
  }

  /** The lines since the last message, after `beginning`; `openedIn` names a stored opening. */
  function conversation(beginning: string, openedIn?: string): StoredTranscript {
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
    /** A line of the client; `isSecret`: part of an AUTH exchange. */
    recordLine(line: string, isSecret: boolean): void {
      if (!hasOpened && firstMail.test(line)) hasOpened = true
      note(`C: ${isSecret ? '(credentials)' : redactLine(line)}`)
    },

    recordMessage: (sizeBytes: number): void => note(`C: (${sizeBytes} bytes of message)`),

    said: (reply: string): void => note(`S: ${reply}`),

    signedIn(by: Caller): void {
      caller = by
    },

    refused(by: Fault): void {
      refusals += 1
      fault = by
    },

    /** A message was accepted, and its reply sent. */
    accepted(publicId: string): void {
      messages += 1
      const openedIn = `${requestId}-opening`
      if (messages === 1) requests.saveTranscript(publicId, conversation(opening))
      else requests.saveTranscript(publicId, conversation('', openedIn))
      lines = []
      // The opening of a session with many messages is stored once.
      if (messages === 2) requests.saveTranscript(openedIn, conversation(opening))
    },

    close(): void {
      requests.onSessionClose()
      if (!caller) return
      if (refusals > 0) requests.saveTranscript(requestId, conversation(opening))
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
 * After a failed AUTH some clients send the password as a command or as its argument. So a line
 * keeps the arguments of known commands only, up to a control character, which no SMTP line has.
 */
function redactLine(line: string): string {
  const [, verb = '', gap = '', argument = ''] = /^([A-Za-z]+)(?!\S)( *)([\s\S]*)$/.exec(line) ?? []
  const command = verb.toUpperCase()
  if (command === 'AUTH') return redactAuth(line, verb)
  if (greetings.has(command))
    return verb + gap + (isDomain(argument) ? argument : omitted(argument))
  if (paths.has(command)) return verb + gap + beforeControl(argument)
  if (others.has(command)) return argument === '' ? line : `${verb} ${omitted(argument)}`
  return `(${line.length} characters that are not a command)`
}

function redactAuth(line: string, verb: string): string {
  const [kept = verb] = mechanism.exec(line) ?? []
  return line.trim() === kept ? kept : `${kept} (credentials)`
}

function beforeControl(argument: string): string {
  const end = argument.search(/\p{Cc}/u)
  return end === -1 ? argument : argument.slice(0, end) + omitted(argument.slice(end))
}

const omitted = (text: string): string => `(${text.length} characters omitted)`
