import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { argumentProblem } from './base/argument-problem.ts'
import { defaultFolder } from './base/data-folder.ts'
import { writeDurably } from './base/durable-file.ts'
import { logLevels } from './base/log.ts'
import { nearest } from './base/nearest.ts'
import { StartRefused } from './base/start-refused.ts'
import { shown } from './contract/addresses.ts'
import { EmailAddress } from './contract/email-address.ts'
import { problemText } from './contract/problems.ts'
import type { NewRelay } from './contract/relays.ts'
import { type NextStart, Plan, type SettingsChange, StartTls } from './contract/settings.ts'

/** Only digits: other notations and blanks are mistakes. */
const portOf = (least: 0 | 1) =>
  z.preprocess(
    (written) => (/^-?\d+(\.\d+)?$/.test(String(written).trim()) ? Number(written) : Number.NaN),
    z.number().int().min(least).max(65_535),
  )
const Port = portOf(0)
const portHint = 'A port is a number from 1 to 65535, or 0 for any free one.'
const Switch = z.union([
  z.boolean(),
  z
    .enum(['true', 'false', '1', '0', 'on', 'off'])
    .transform((word) => ['true', '1', 'on'].includes(word)),
])
const switchWords: Readonly<Record<string, StartTls>> = {
  true: 'on',
  1: 'on',
  false: 'off',
  0: 'off',
}
const StartTlsSetting = z.preprocess(
  (written) => switchWords[String(written)] ?? written,
  StartTls.default('auto'),
)
const List = z.union([
  z.array(z.string()),
  z.string().transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  ),
])

const Target = z.union([z.cidrv4(), z.cidrv6(), z.string().regex(/^[^\s/]+$/)], {
  error: 'must name hosts, addresses or ranges such as 10.0.0.0/8, with commas between them',
})

const Peer = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'name addresses or ranges such as 10.0.0.0/8, with commas between them',
})

/** One setting: environment name, flag, schema and default. */
type Setting = {
  readonly env: string
  readonly schema: z.ZodType
  /** True when `settings.json` may hold it, under its key here. */
  readonly inFile?: boolean
  /** Its value must not appear in errors. */
  readonly isSecret?: boolean
  /** A sentence that follows the refusal of a wrong value. */
  readonly hint?: string
  readonly help: string
}

/** All settings. A flag wins over the environment, the environment over the file, the file over the default. */
export const settings = {
  dataFolder: {
    env: 'MAILSAGE_DATA',
    schema: z
      .string()
      .min(1)
      .default(() => defaultFolder()),
    help: 'Folder of the database, keys and certificates',
  },
  httpPort: {
    env: 'MAILSAGE_HTTP_PORT',
    schema: Port.default(8025),
    inFile: true,
    hint: portHint,
    help: 'Port of the HTTP API and the window; 0: any free port',
  },
  smtpPort: {
    env: 'MAILSAGE_SMTP_PORT',
    schema: Port.default(1025),
    inFile: true,
    hint: portHint,
    help: 'SMTP port; 0: any free port',
  },
  smtpsPort: {
    env: 'MAILSAGE_SMTPS_PORT',
    schema: Port.nullable().default(null),
    inFile: true,
    hint: `${portHint} Leave it empty for none.`,
    help: 'SMTP port with implicit TLS; 0: any free port',
  },
  smtpStarttls: {
    env: 'MAILSAGE_SMTP_STARTTLS',
    schema: StartTlsSetting,
    inFile: true,
    help: 'Offer STARTTLS: on, off, or auto (beyond loopback, or with your own certificate)',
  },
  host: {
    env: 'MAILSAGE_HOST',
    schema: z.string().min(1).default('127.0.0.1'),
    inFile: true,
    help: 'Address to listen on',
  },
  allowedHosts: {
    env: 'MAILSAGE_ALLOWED_HOSTS',
    schema: List.default([]),
    inFile: true,
    help: 'Host names that HTTP answers to, besides localhost and IP addresses',
  },
  corsOrigins: {
    env: 'CORS_ORIGINS',
    schema: List.default([]),
    inFile: true,
    help: 'Origins of web pages that may call the API',
  },
  trustedProxies: {
    env: 'MAILSAGE_TRUSTED_PROXIES',
    schema: List.pipe(z.array(Peer)).default([]),
    inFile: true,
    help: 'Addresses and ranges of proxies in front of HTTP that name the client',
  },
  allowedTargets: {
    env: 'MAILSAGE_ALLOWED_TARGETS',
    schema: List.pipe(z.array(Target)).default([]),
    inFile: true,
    help: 'Private hosts, addresses and ranges that webhooks and token requests may go to',
  },
  apiKey: {
    env: 'API_KEY',
    schema: z.string().min(16, 'needs at least 16 characters').nullable().default(null),
    isSecret: true,
    help: 'The first admin key, 16 characters or more; none: generated',
  },
  keepDays: {
    env: 'MAILSAGE_KEEP_DAYS',
    schema: z.coerce.number().int().min(0).max(36_500).default(0),
    inFile: true,
    help: 'Delete messages after this many days; 0: keep all',
  },
  keepMessages: {
    env: 'MAILSAGE_KEEP_MESSAGES',
    schema: z.coerce.number().int().min(0).max(1_000_000_000).default(0),
    inFile: true,
    help: 'Keep this many messages and delete older ones; 0: keep all',
  },
  keepLogDays: {
    env: 'MAILSAGE_KEEP_LOG_DAYS',
    schema: z.coerce.number().int().min(0).max(36_500).default(30),
    inFile: true,
    help: 'Keep the access log for this many days; 0: for ever',
  },
  keepWebhookLogDays: {
    env: 'MAILSAGE_KEEP_WEBHOOK_LOG_DAYS',
    schema: z.coerce.number().int().min(0).max(36_500).default(30),
    inFile: true,
    help: 'Keep webhook logs for this many days; 0: for ever',
  },
  logLevel: {
    env: 'LOG_LEVEL',
    schema: z.enum(logLevels).default('warn'),
    inFile: true,
    help: `Least level of the log: ${logLevels.join(', ')}`,
  },
  plan: {
    env: 'MAILSAGE_PLAN',
    schema: Plan.default('pro'),
    inFile: true,
    help: 'Rate limits of keys without their own: free, pro, enterprise',
  },
  anonymousCapture: {
    env: 'MAILSAGE_ANONYMOUS_CAPTURE',
    schema: Switch.default(true),
    inFile: true,
    help: 'Capture mail from this machine without a key',
  },
  relayHost: {
    env: 'SMTP_HOST',
    schema: z.string().min(1).nullable().default(null),
    help: 'Host of the default relay',
  },
  relayPort: {
    env: 'SMTP_PORT',
    schema: portOf(1).default(587),
    hint: 'It is the port of the relay SMTP_HOST. MAILSAGE_SMTP_PORT is the port of MailSage.',
    help: 'Port of the default relay',
  },
  relayUser: {
    env: 'SMTP_USER',
    schema: z.string().nullable().default(null),
    help: 'User name at the default relay',
  },
  relayPassword: {
    env: 'SMTP_PASS',
    schema: z.string().nullable().default(null),
    help: 'Password at the default relay; better in the environment',
  },
  relayTls: {
    env: 'SMTP_TLS',
    schema: z.string().default('true'),
    help: 'TLS of the default relay. true: STARTTLS, implicit on port 465; or starttls, implicit, none',
  },
  relayTlsVerify: {
    env: 'SMTP_TLS_VERIFY',
    schema: Switch.default(true),
    help: 'Check the certificate of the default relay',
  },
  relayFrom: {
    env: 'SMTP_FROM',
    schema: EmailAddress.nullable().default(null),
    help: 'Sender of mail without a from',
  },
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof settings
type Values = { readonly [K in SettingName]: z.output<(typeof settings)[K]['schema']> }

export type Config = Omit<
  Values,
  | 'relayHost'
  | 'relayPort'
  | 'relayUser'
  | 'relayPassword'
  | 'relayTls'
  | 'relayTlsVerify'
  | 'relayFrom'
> & {
  /** The relay that the environment describes. */
  readonly relay: NewRelay | null
  /** Environment names of the settings that the environment or a flag fixes. */
  readonly setOutside: readonly string[]
  /** A sentence for each variable of the environment that looks like a setting and is none. */
  readonly unknownSettings: readonly string[]
}

export const settingNames = Object.keys(settings) as SettingName[]
const envNames: readonly string[] = settingNames.map((name) => settings[name].env)
const prefix = 'MAILSAGE_'
/** Variables of the command line, and of the start of Electron. */
const otherVariables = /^MAILSAGE_(URL|API_KEY|KEY|ELECTRON.*)$/

/** `httpPort` is `--http-port` as a flag. */
export const flagOf = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The default as a person writes it. */
export function defaultOf(name: SettingName): string {
  const value = settings[name].schema.parse(undefined)
  const isNone = value === null || (Array.isArray(value) && value.length === 0)
  return isNone ? 'none' : String(value)
}

/** Reads all settings. Throws a sentence that names an invalid setting. */
export function readConfig(env: NodeJS.ProcessEnv, args: readonly string[] = []): Config {
  const flags = readFlags(args)
  const folder = resolve(flags.dataFolder ?? (env[settings.dataFolder.env] || defaultFolder()))
  const file = readFile(folder)
  const values = Object.fromEntries(
    settingNames.map((name) => {
      const { env: envName, schema } = settings[name]
      const isInFile = 'inFile' in settings[name]
      const written =
        flags[name] ?? (env[envName] || undefined) ?? (isInFile ? file[name] : undefined)
      const result = schema.safeParse(written, { error: problemText, reportInput: true })
      if (result.success) return [name, result.data]
      const from = flags[name] === undefined ? envName : `--${flagOf(name)}`
      const problem = result.error.issues[0]?.message ?? 'is not valid'
      const value = 'isSecret' in settings[name] ? '' : ` It is “${shown(String(written))}”.`
      const hint = 'hint' in settings[name] ? ` ${settings[name].hint}` : ''
      const sentence = `The setting ${from} ${problem.replace(/\.?$/, '.')}${value}${hint}`
      throw new StartRefused('invalid-setting', sentence, envName)
    }),
  ) as Values
  requireOwnPorts(values)
  const {
    relayHost,
    relayPort,
    relayUser,
    relayPassword,
    relayTls,
    relayTlsVerify,
    relayFrom,
    ...rest
  } = values
  return {
    ...rest,
    dataFolder: folder,
    setOutside: settingNames
      .filter((name) => (flags[name] ?? (env[settings[name].env] || undefined)) !== undefined)
      .map((name) => settings[name].env),
    unknownSettings: Object.keys(env)
      .filter((name) => name.startsWith(prefix) && !otherVariables.test(name))
      .flatMap((name) => unknownSetting(name) ?? []),
    relay:
      relayHost === null
        ? null
        : {
            name: relayHost,
            host: relayHost,
            port: relayPort,
            username: relayUser,
            password: relayPassword,
            tls: tlsMode(relayTls, relayPort),
            tls_verify: relayTlsVerify,
            from_email: relayFrom,
            priority: 50,
          },
  }
}

/** The sentence about a name that is no setting; null for a setting. */
export function unknownSetting(name: string): string | null {
  if (envNames.includes(name)) return null
  // The prefix would make every name alike.
  const plain = (other: string) => other.replace(prefix, '')
  const near = nearest(plain(name), envNames.map(plain))
  const meant = envNames.find((other) => plain(other) === near)
  const advice =
    meant === undefined ? '“mailsage serve --help” lists the settings.' : `Did you mean ${meant}?`
  return `There is no setting ${shown(name)}. ${advice}`
}

function requireOwnPorts(values: Values): void {
  const used = new Map<number, string>()
  for (const name of ['httpPort', 'smtpPort', 'smtpsPort'] as const) {
    const port = values[name]
    const { env } = settings[name]
    const other = port === null || port === 0 ? undefined : used.get(port)
    if (other !== undefined) {
      throw new StartRefused(
        'invalid-setting',
        `The settings ${other} and ${env} are both ${port}. Each listener needs a port of its own; 0 picks a free one.`,
        env,
      )
    }
    if (port !== null) used.set(port, env)
  }
}

function tlsMode(word: string, port: number): NewRelay['tls'] {
  const lower = word.toLowerCase()
  if (lower === 'starttls' || lower === 'implicit' || lower === 'none') return lower
  if (['false', '0', 'off', 'no'].includes(lower)) return 'none'
  return port === 465 ? 'implicit' : 'starttls'
}

function readFlags(args: readonly string[]): Partial<Record<SettingName, string>> {
  const options = Object.fromEntries(
    settingNames.map((name) => [flagOf(name), { type: 'string' as const }]),
  )
  try {
    const { values } = parseArgs({ args: [...args], options })
    return Object.fromEntries(
      settingNames.flatMap((name) => {
        const value = values[flagOf(name)]
        return typeof value === 'string' ? [[name, value]] : []
      }),
    )
  } catch (error) {
    throw new StartRefused(
      'invalid-setting',
      `${argumentProblem(error)} Known flags: ${settingNames.map((name) => `--${flagOf(name)}`).join(', ')}.`,
    )
  }
}

const settingsFile = (folder: string): string => join(folder, 'settings.json')

function readFile(folder: string): Record<string, unknown> {
  const path = settingsFile(folder)
  if (!existsSync(path)) return {}
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    throw new StartRefused(
      'invalid-setting',
      `${path} is not a JSON object. Fix it, or delete it to start with the defaults.`,
    )
  }
}

/** Ignores a file that was damaged after the start; the next start refuses it. */
function readFileOrNothing(folder: string): Record<string, unknown> {
  try {
    return readFile(folder)
  } catch {
    return {}
  }
}

/** The ports of the next start: the environment's, else the file's. */
export function readNextStart(config: Config): NextStart {
  const file = readFileOrNothing(config.dataFolder)
  const read = (name: 'httpPort' | 'smtpPort' | 'smtpsPort') => {
    if (config.setOutside.includes(settings[name].env)) return config[name]
    const parsed = settings[name].schema.safeParse(file[name])
    return parsed.success ? parsed.data : config[name]
  }
  return {
    http_port: read('httpPort') ?? 0,
    smtp_port: read('smtpPort') ?? 0,
    smtps_port: read('smtpsPort'),
  }
}

/** Saves changed settings; the rest of the file stays unchanged. */
export function saveSettings(folder: string, { next_start: ports, ...live }: SettingsChange): void {
  const changed = Object.entries({ ...live, ...ports })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [nameInFile(name), value] as const)
  const next = { ...readFile(folder), ...Object.fromEntries(changed) }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeDurably(settingsFile(folder), `${JSON.stringify(next, null, 2)}\n`)
}

/** `keep_days` is `keepDays` in the file. */
const nameInFile = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
