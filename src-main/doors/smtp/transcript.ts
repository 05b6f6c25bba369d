import type { SMTPServer, SMTPServerSession } from 'smtp-server'
import { plainAddress } from '../../base/ip-addresses.ts'
import { Fault, type FaultCode } from '../../contract/faults.ts'
import type { Caller } from '../../domain/caller.ts'
import type { Conversation, Requests } from '../../domain/requests.ts'

/** A session as it is written down when it is over. */
type Noted = {
  readonly session: SMTPServerSession
  readonly requestId: string
  readonly startedAt: number
  /** From the greeting up to the first message: every message's transcript begins with it. */
  opening: string
  openingLines: number
  lines: string[]
  hasOpened: boolean
  caller: Caller | null
  messages: number
  refusals: number
  fault: Fault | null
  /** The refusal that is answered next is one of ours, and recorded. */
  isRecorded: boolean
}

/** A refusal that smtp-server made by itself; `code` is its reply. */
export type OwnRefusal = {
  readonly session: SMTPServerSession
  readonly code: number
  readonly fault: Fault
}

const faultOfReply: Readonly<Record<number, FaultCode>> = {
  452: 'too_many_recipients',
  552: 'message_too_large',
}

const longestLine = 500
const mostLines = 120
const leftOut = 'S: (lines left out here)'

const commands = new Set(
  'EHLO HELO LHLO MAIL RCPT DATA RSET NOOP QUIT VRFY EXPN HELP STARTTLS AUTH BDAT'.split(' '),
)
const firstMail = /^C: MAIL /i
const key = /\b((?:ms|sk)_(?:live|test|console)_)\w+/g

/**
 * What each session says, bounded, without credentials and bodies. Collected as it passes through
 * smtp-server's own log, which masks what follows AUTH; written down behind the answers.
 */
export function createTranscripts(requests: Requests) {
  const sessions = new Map<string, Noted>()
  let onOwnRefusal: (refusal: OwnRefusal) => void = () => undefined

  function note(id: string, line: string): void {
    const noted = sessions.get(id)
    if (!noted) return
    const cut = line.length > longestLine ? `${line.slice(0, longestLine)}…` : line
    const { lines } = noted
    if (!noted.hasOpened) {
      if (firstMail.test(line)) noted.hasOpened = true
      else if (noted.openingLines < mostLines) {
        noted.opening += `${withoutKeys(cut)}\n`
        noted.openingLines += 1
        return
      }
    }
    // The first and the last lines of a long conversation tell most.
    if (lines.length >= mostLines) {
      lines.splice(mostLines / 2, 1)
      lines[mostLines / 2 - 1] = leftOut
    }
    lines.push(cut)
  }

  /** What was said last, after the opening, whole or by the name it is kept under. */
  function conversationOf(
    session: SMTPServerSession,
    { lines, requestId, startedAt }: Noted,
    opening: string,
    openedIn?: string,
  ): Conversation {
    return {
      ...(openedIn === undefined ? {} : { openedIn }),
      text: opening + withoutKeys(lines.join('\n')),
      address: plainAddress(session.remoteAddress),
      tls: tlsOf(session),
      userAgent: nameOf(session),
      requestId,
      durationMs: Math.round((performance.now() - startedAt) * 100) / 100,
    }
  }

  function hearRefusal(id: string, reply: string): void {
    const noted = sessions.get(id)
    if (!noted) return
    if (!noted.isRecorded) {
      const code = Number(reply.slice(0, 3))
      const sentence = reply.slice(4).replace(/^\d\.\d+\.\d+ /, '')
      const fault = new Fault(faultOfReply[code] ?? 'invalid_request', sentence)
      onOwnRefusal({ session: noted.session, code, fault })
    }
    noted.isRecorded = false
  }

  return {
    /** Hears what the server and its clients say. */
    listen(server: SMTPServer, heard: typeof onOwnRefusal): void {
      onOwnRefusal = heard
      const entry = (data: LogData, mark: string, ...rest: readonly unknown[]): void => {
        if (data.tnx === 'command') note(data.cid, `${mark} ${withoutSecrets(String(rest[0]))}`)
        else if (data.tnx === 'send') {
          const reply = String(rest[0])
          note(data.cid, `${mark} ${reply}`)
          if (reply.startsWith('5') || reply.startsWith('45')) hearRefusal(data.cid, reply)
        } else if (data.tnx === 'data') note(data.cid, `C: (${data.bytes ?? 0} bytes of message)`)
      }
      // Its own `logger` option copies every entry before it hands it over.
      Object.assign(server.logger, { debug: entry })
    },

    open(session: SMTPServerSession, requestId: string): void {
      requests.sessionOpened()
      sessions.set(session.id, {
        session,
        requestId,
        startedAt: performance.now(),
        opening: '',
        openingLines: 0,
        lines: [],
        hasOpened: false,
        caller: null,
        messages: 0,
        refusals: 0,
        fault: null,
        isRecorded: false,
      })
    },

    requestIdOf: (session: SMTPServerSession): string | undefined =>
      sessions.get(session.id)?.requestId,

    signedIn(session: SMTPServerSession, caller: Caller): void {
      const noted = sessions.get(session.id)
      if (noted) noted.caller = caller
    },

    refused(session: SMTPServerSession, fault: Fault): void {
      const noted = sessions.get(session.id)
      if (!noted) return
      noted.refusals += 1
      noted.fault = fault
      noted.isRecorded = true
    },

    /** A message was taken and the client was told so. */
    accepted(session: SMTPServerSession, publicId: string): void {
      const noted = sessions.get(session.id)
      if (!noted) return
      noted.messages += 1
      const { messages, opening, requestId } = noted
      const openedIn = `${requestId}-opening`
      if (messages === 1) requests.transcribe(publicId, conversationOf(session, noted, opening))
      else requests.transcribe(publicId, conversationOf(session, noted, '', openedIn))
      noted.lines = []
      // Whoever sends many messages has said hello once: written once, and not with each.
      if (messages === 2) requests.transcribe(openedIn, conversationOf(session, noted, opening))
    },

    close(session: SMTPServerSession): void {
      const noted = sessions.get(session.id)
      if (!noted) return
      sessions.delete(session.id)
      requests.sessionClosed()
      const { caller, requestId, refusals, fault, messages } = noted
      if (!caller) return
      if (refusals > 0)
        requests.transcribe(requestId, conversationOf(session, noted, noted.opening))
      requests.session({
        caller,
        durationMs: performance.now() - noted.startedAt,
        address: plainAddress(session.remoteAddress),
        userAgent: nameOf(session),
        tls: tlsOf(session),
        requestId,
        messages,
        refusals,
        fault: fault?.code ?? null,
      })
    },
  }
}

type LogData = { readonly tnx: string; readonly cid: string; readonly bytes?: number }

const nameOf = (session: SMTPServerSession): string => session.hostNameAppearsAs || ''

function tlsOf({ secure, tlsOptions }: SMTPServerSession): string | null {
  if (!secure) return null
  return (tlsOptions as { readonly version?: string } | undefined)?.version ?? 'TLS'
}

/** After an AUTH that failed some clients send their password where a command should be. */
function withoutSecrets(line: string): string {
  if (line.endsWith('/* secured */')) return line.replace('/* secured */', '(credentials)')
  const end = line.indexOf(' ')
  const word = end === -1 ? line : line.slice(0, end)
  if (commands.has(word) || commands.has(word.toUpperCase())) return line
  return `(${line.length} characters that are no command)`
}

/** To look for what is rarely there costs far less than to replace it. */
function withoutKeys(text: string): string {
  const mayHold = text.includes('_live_') || text.includes('_test_') || text.includes('_console_')
  return mayHold ? text.replace(key, '$1…') : text
}
