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

export type Transcript = ReturnType<typeof openTranscript>

type TranscriptState = {
  /** From the greeting to the first MAIL: the transcript of each message begins with it. */
  opening: string
  openingLines: number
  hasOpened: boolean
  lines: string[]
  caller: Caller | null
  messages: number
  refusals: number
  fault: Fault | null
}

type TranscriptContext = {
  readonly requests: Requests
  readonly client: Client
  readonly requestId: string
  readonly startedAt: number
  readonly state: TranscriptState
}

/** The transcript of a session: bounded, without credentials and message data. */
export function openTranscript(requests: Requests, client: Client, requestId: string) {
  const state: TranscriptState = {
    opening: '',
    openingLines: 0,
    hasOpened: false,
    lines: [],
    caller: null,
    messages: 0,
    refusals: 0,
    fault: null,
  }
  const startedAt = performance.now()
  const context: TranscriptContext = { requests, client, requestId, startedAt, state }
  requests.onSessionOpen()

  return {
    /** A line of the client; `isSecret`: part of an AUTH exchange. */
    recordLine(line: string, isSecret: boolean): void {
      if (!state.hasOpened && firstMail.test(line)) state.hasOpened = true
      note(context, `C: ${isSecret ? '(credentials)' : redactLine(line)}`)
    },

    recordMessage: (sizeBytes: number): void => note(context, `C: (${sizeBytes} bytes of message)`),

    said: (reply: string): void => note(context, `S: ${reply}`),

    signedIn(by: Caller): void {
      state.caller = by
    },

    refused(by: Fault): void {
      state.refusals += 1
      state.fault = by
    },

    /** A message was accepted, and its reply sent. */
    accepted: (publicId: string): void => saveMessageLines(context, publicId),

    close(): void {
      requests.onSessionClose()
      if (state.caller) saveSession(context, state.caller)
    },
  }
}

function note({ requests, state }: TranscriptContext, line: string): void {
  // Masked before it is cut: half a key would not be recognised.
  const isLong = line.length > maxLineLength
  const cut = isLong ? `${requests.maskSecrets(line).slice(0, maxLineLength)}…` : line
  if (!state.hasOpened && state.openingLines < maxLines) {
    state.opening += `${cut}\n`
    state.openingLines += 1
    return
  }
  const { lines } = state
  // A long transcript keeps its first and its last lines.
  if (lines.length >= maxLines) {
    lines.splice(maxLines / 2, 1)
    lines[maxLines / 2 - 1] = omittedLines
  }
  lines.push(cut)
}

function saveMessageLines(context: TranscriptContext, publicId: string): void {
  const { requests, requestId, state } = context
  state.messages += 1
  const openedIn = `${requestId}-opening`
  if (state.messages === 1) requests.saveTranscript(publicId, conversation(context, state.opening))
  else requests.saveTranscript(publicId, conversation(context, '', openedIn))
  state.lines = []
  // The opening of a session with many messages is stored once.
  if (state.messages === 2) requests.saveTranscript(openedIn, conversation(context, state.opening))
}

function saveSession(context: TranscriptContext, caller: Caller): void {
  const { requests, client, requestId, startedAt, state } = context
  const { opening, messages, refusals, fault } = state
  if (refusals > 0) requests.saveTranscript(requestId, conversation(context, opening))
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
}

/** The lines since the last message, after `beginning`; `openedIn` names a stored opening. */
function conversation(
  { client, requestId, startedAt, state }: TranscriptContext,
  beginning: string,
  openedIn?: string,
): StoredTranscript {
  return {
    ...(openedIn === undefined ? {} : { openedIn }),
    text: beginning + state.lines.join('\n'),
    address: client.address,
    tls: client.tls,
    userAgent: client.name,
    requestId,
    durationMs: Math.round((performance.now() - startedAt) * 100) / 100,
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
