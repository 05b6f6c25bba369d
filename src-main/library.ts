import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartRefused } from './base/start-refused.ts'
import { readConfig, unknownSetting } from './config.ts'
import { startServer } from './server.ts'

export type MailSageOptions = {
  /** The data folder. Without it, `close()` deletes all messages. */
  readonly folder?: string
  /** Default: 0, any free port. */
  readonly httpPort?: number
  /** Default: 0, any free port. */
  readonly smtpPort?: number
  /** Default: 127.0.0.1. */
  readonly host?: string
  /** Further settings by their environment names, such as `{ MAILSAGE_KEEP_DAYS: '7' }`. */
  readonly settings?: Readonly<Record<string, string>>
}

export type MailSage = {
  /** The address of the HTTP API and the window, such as `http://127.0.0.1:8025`. */
  readonly url: string
  readonly host: string
  readonly httpPort: number
  readonly smtpPort: number
  /** Full access until `close()`. */
  readonly adminKey: string
  /** A key that captures mail and never sends it; null in a folder of an earlier start. */
  readonly testKey: string | null
  /** Stops the server; resolves when everything is stored. */
  readonly close: () => Promise<void>
}

/** Starts MailSage in this process. It does not read the environment. */
export async function startMailSage(options: MailSageOptions = {}): Promise<MailSage> {
  const { host, folder, httpPort = 0, smtpPort = 0, settings = {} } = options
  if (folder === '') throw new Error('The option folder is empty. Name a folder, or omit it.')
  requireKnown(Object.keys(settings))
  const storage = folder === undefined ? temporaryFolder() : { folder, remove: () => undefined }
  try {
    const config = readConfig({
      LOG_LEVEL: 'warn',
      ...settings,
      MAILSAGE_DATA: storage.folder,
      MAILSAGE_HTTP_PORT: String(httpPort),
      MAILSAGE_SMTP_PORT: String(smtpPort),
      ...(host === undefined ? {} : { MAILSAGE_HOST: host }),
    })
    const server = await startServer(config)
    return {
      url: server.url,
      host: server.host,
      httpPort: server.httpPort,
      smtpPort: server.smtpPort,
      adminKey: server.consoleKey,
      testKey: server.firstKeys?.test ?? null,
      async close() {
        await server.close()
        storage.remove()
      },
    }
  } catch (error) {
    storage.remove()
    throw inOptions(error)
  }
}

/** The options, by the settings that they replace. */
const optionNames: Readonly<Record<string, keyof MailSageOptions>> = {
  MAILSAGE_DATA: 'folder',
  MAILSAGE_HTTP_PORT: 'httpPort',
  MAILSAGE_SMTP_PORT: 'smtpPort',
  MAILSAGE_HOST: 'host',
}

/** The same refusal with the names of the options, since their settings are not read. */
function inOptions(error: unknown): unknown {
  if (!(error instanceof StartRefused)) return error
  const { reason, message, setting = '' } = error
  const sentence = message.replace(/\bMAILSAGE_\w+/g, (name) => optionNames[name] ?? name)
  return new StartRefused(reason, sentence, optionNames[setting] ?? error.setting)
}

function requireKnown(names: readonly string[]): void {
  for (const name of names) {
    const option = optionNames[name]
    const sentence =
      option === undefined
        ? unknownSetting(name)
        : `The option ${option} takes the place of the setting ${name}.`
    if (sentence !== null) throw new StartRefused('invalid-setting', sentence, name)
  }
}

/** SQLite and its threads need files; on Linux these are in memory. */
function temporaryFolder() {
  const folder = makeFolder()
  const remove = (): void => {
    process.off('exit', remove)
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', remove)
  return { folder, remove }
}

function makeFolder(): string {
  try {
    if (process.platform === 'linux') return mkdtempSync('/dev/shm/mailsage-')
  } catch {
    // A container may have no such folder.
  }
  return mkdtempSync(join(tmpdir(), 'mailsage-'))
}
