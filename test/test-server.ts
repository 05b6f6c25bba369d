import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, onTestFinished } from 'vitest'
import type { z } from 'zod'
import { readConfig } from '../src-main/config.ts'
import type { EventType } from '../src-main/contract/events.ts'
import type { CreatedKey, NewKey } from '../src-main/contract/keys.ts'
import type { MailsageRoutes } from '../src-main/http/dialects/mailsage.ts'
import type { NativeRoutes } from '../src-main/http/dialects/native.ts'
import type { SystemRoutes } from '../src-main/http/dialects/system.ts'
import type { Environment } from '../src-main/server/environment.ts'
import { type RunningServer, startServer } from '../src-main/server.ts'
import { loadCertificate } from '../src-main/smtp/certificate.ts'
import { openReadOnly } from '../src-main/storage/database.ts'
import { type Answer, type Call, createExchange } from './http-client.ts'
import { checkDeclared } from './route-conformance.ts'
import { createServerLog } from './server-log.ts'

type Routes = NativeRoutes & MailsageRoutes & SystemRoutes
export type Line = keyof Routes & string
type ReplyOf<L extends Line> = Routes[L]['reply'] extends infer S extends z.ZodType
  ? z.output<S>
  : string

export type TestServerOptions = {
  /** Settings by their environment names, over a temporary folder and free ports. */
  readonly env?: Readonly<Record<string, string>>
  readonly environment?: Partial<Environment>
  /** Parent of the data folder; default: the system’s temporary folder. */
  readonly parent?: string
}

export type LoggedEvent = {
  readonly seq: number
  readonly type: EventType
  readonly keyId: string | null
  readonly tenantId: string | null
  readonly messageId: string | null
  readonly data: Readonly<Record<string, unknown>>
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>

/**
 * A whole server on real sockets and a real database. It goes when the test ends that opened it, or
 * with the file when that did.
 */
export async function startTestServer(options: TestServerOptions = {}) {
  const folder = mkdtempSync(join(options.parent ?? tmpdir(), 'mailsage-test-'))
  cpSync(await certificateFolder(), folder, { recursive: true })
  const log = createServerLog()
  let server = await start()
  let exchange = createExchange(server.url)
  whenOver(async () => {
    exchange.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
    log.check()
  })

  function start(env: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
    const config = readConfig({
      MAILSAGE_DATA: folder,
      MAILSAGE_HTTP_PORT: '0',
      MAILSAGE_SMTP_PORT: '0',
      LOG_LEVEL: 'warn',
      ...options.env,
      ...env,
    })
    return startServer(config, { writeLog: log.write, ...options.environment })
  }

  /** Sends a request by a line of the route tables; the response is compared with its declaration. */
  async function request(line: Line, call: Call = {}): Promise<Answer> {
    const [method = '', path = ''] = line.split(' ')
    const answer = await ask(method, path, call)
    checkDeclared(line, answer)
    return answer
  }

  /** Sends any request, without a check. */
  function ask(method: string, path: string, call: Call = {}): Promise<Answer> {
    const { key = server.consoleKey } = call
    return exchange.send(method, path, { ...call, key })
  }

  /** The reply of a request that must succeed, in its route's type. */
  async function reply<L extends Line>(line: L, call: Call = {}): Promise<ReplyOf<L>> {
    const answer = await request(line, call)
    if (answer.status >= 300) throw new Error(`${line} answered ${answer.status} ${answer.text}`)
    return (answer.body ?? answer.text) as ReplyOf<L>
  }

  function readEvents(after: number): LoggedEvent[] {
    const database = openReadOnly(folder)
    try {
      return database
        .prepare<[number], Omit<LoggedEvent, 'data'> & { data: string }>(
          `SELECT e.seq, e.type, k.public_id AS keyId, e.tenant_id AS tenantId,
             m.public_id AS messageId, e.data
           FROM events e LEFT JOIN keys k ON k.id = e.key_id
             LEFT JOIN messages m ON m.id = e.message_id
           WHERE e.seq > ? ORDER BY e.seq`,
        )
        .all(after)
        .map((row) => ({ ...row, data: JSON.parse(row.data) }))
    } finally {
      database.close()
    }
  }

  /** The log so far, without the lines that the loops write about their own work. */
  async function events(types?: readonly EventType[], after = 0): Promise<LoggedEvent[]> {
    await server.idle()
    return readEvents(after).filter(({ type }) =>
      types ? types.includes(type) : type !== 'indexed' && type !== 'session',
    )
  }

  return {
    folder,
    get server() {
      return server
    },
    get url() {
      return server.url
    },
    request,
    ask,
    reply,
    events,

    /** Expects a warning or error, which would fail the test otherwise; resolves when it is logged. */
    expectLog: log.expect,

    /** The events that `action` wrote, and no earlier ones. */
    async witness<T>(action: () => Promise<T>): Promise<{ value: T; events: LoggedEvent[] }> {
      await server.idle()
      const before = server.domain.events.lastSeq()
      const value = await action()
      return { value, events: await events(undefined, before) }
    },

    /** Creates a key with the console key; in test mode by default. */
    makeKey: (settings: Partial<z.input<typeof NewKey>> = {}): Promise<CreatedKey> =>
      reply('POST /v1/api-keys', { body: { name: 'A key', mode: 'test', ...settings } }),

    /** A tenant of this id; its keys are made with it. */
    makeTenant: (id: string) => reply('POST /v1/tenants', { body: { id, name: `Tenant ${id}` } }),

    /** `meanwhile` runs while the folder is closed. */
    async restart(
      env: Readonly<Record<string, string>> = {},
      meanwhile: () => void = () => undefined,
    ): Promise<void> {
      exchange.close()
      await server.close()
      meanwhile()
      server = await start(env)
      exchange = createExchange(server.url)
    },
  }
}

let certificates: Promise<string> | null = null

/** One certificate for all servers, because creating one takes longer than a start. */
function certificateFolder(): Promise<string> {
  certificates ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailsage-certificate-'))
    await loadCertificate(folder, Date.now())
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    return folder
  })()
  return certificates
}

/** Polls `probe` until it returns a value; for work after a response. */
export async function eventually<T>(
  probe: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + 10_000
  for (;;) {
    const found = await probe()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error('It did not happen within 10 seconds')
    await setTimeout(10)
  }
}

/** Closes with the current test, or with its file outside a test. */
export function whenOver(close: () => unknown): void {
  const finish = async (): Promise<void> => {
    await close()
  }
  try {
    onTestFinished(finish)
  } catch {
    afterAll(finish)
  }
}
