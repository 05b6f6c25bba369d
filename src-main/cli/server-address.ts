import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectionProblem } from '../base/connection-problem.ts'
import { defaultFolder } from '../base/data-folder.ts'
import { environmentKey, keyVariable } from './environment-key.ts'
import { exitCodes, Refusal, usage } from './refusal.ts'

const maxAskMs = 10_000

/** The runtime file of a running server. */
type Announced = {
  readonly url: string
  readonly smtpPort: number
  readonly consoleKey: string
}

export type ServerOptions = {
  readonly url?: string | undefined
  readonly key?: string | undefined
}

export type ServerAddress = {
  readonly url: string
  readonly key: string | null
  /** `server`: the console key of the server on this machine, which has full access. */
  readonly keySource: KeySource
}

export type KeySource =
  | { readonly type: 'option' }
  | { readonly type: 'environment'; readonly variable: string }
  | { readonly type: 'server' }

export const runtimeFile = (env: NodeJS.ProcessEnv): string =>
  join(env.MAILSAGE_DATA || defaultFolder(), 'server.json')

/** Flags, then the environment, then the server that runs on the data folder. */
export function findServer(given: ServerOptions, env: NodeJS.ProcessEnv): ServerAddress {
  const url = givenUrl(given, env)
  const { key, keySource } = givenKey(given, env)
  const announced = url === undefined || key === undefined ? readAnnounced(env) : null
  if (url === undefined && announced === null) throw noneRuns(env)
  // The key of this machine's server is for no other server.
  const isSame = url === undefined || announced?.url === withoutSlashes(url)
  return {
    url: checkedUrl(url ?? announced?.url ?? ''),
    key: key ?? (isSame ? (announced?.consoleKey ?? null) : null),
    keySource,
  }
}

function givenUrl(given: ServerOptions, env: NodeJS.ProcessEnv): string | undefined {
  if (given.url?.trim() === '') {
    throw usage(
      '--url is empty. An environment variable in its place may be unset. Omit --url to use MAILSAGE_URL or the server on this machine.',
    )
  }
  return given.url ?? (env.MAILSAGE_URL || undefined)
}

function givenKey(given: ServerOptions, env: NodeJS.ProcessEnv) {
  const found = given.key === undefined ? environmentKey(env) : null
  const key = given.key ?? found?.key
  if (key?.trim() === '') {
    throw usage(
      `--key is empty. An environment variable in its place may be unset. Omit --key to use ${keyVariable} or the key of the server on this machine.`,
    )
  }
  if (key !== undefined && !/^[!-~]+$/.test(key)) {
    throw usage('The key has an invalid character, such as a space. Copy the key again.')
  }
  const keySource: KeySource = found
    ? { type: 'environment', variable: found.variable }
    : { type: key === undefined ? 'server' : 'option' }
  return { key, keySource }
}

export type SmtpAddress = { readonly host: string; readonly port: number }

/** The SMTP address: the port from the environment, the runtime file, the server itself, or the default. */
export async function findSmtp(given: ServerOptions, env: NodeJS.ProcessEnv): Promise<SmtpAddress> {
  const url = givenUrl(given, env)
  const announced = readAnnounced(env)
  const checked = checkedUrl(url ?? announced?.url ?? 'http://127.0.0.1')
  const { hostname } = new URL(checked)
  const isSame = url === undefined || announced?.url === checked
  const port = portIn(env) ?? (isSame ? announced?.smtpPort : await askPort(checked)) ?? 1025
  return { host: hostname.replace(/^\[|\]$/g, ''), port }
}

function portIn({ MAILSAGE_SMTP_PORT: text }: NodeJS.ProcessEnv): number | undefined {
  const port = Number(text || Number.NaN)
  return port > 0 ? port : undefined
}

/** `GET /health` reports the SMTP port of a server that has no runtime file here. */
async function askPort(url: string): Promise<number | undefined> {
  const health = await fetch(`${url}/health`, { signal: AbortSignal.timeout(maxAskMs) }).then(
    (response) => response.json() as Promise<{ readonly smtp_port?: number }>,
    (error: unknown) => {
      throw notReachable(url, error)
    },
  )
  return health.smtp_port
}

export function notReachable(url: string, error: unknown): Refusal {
  const reason = connectionProblem(error, new URL(url).host)
  return new Refusal(
    exitCodes.notReachable,
    'not_reachable',
    `MailSage does not answer at ${url}. ${reason} Start a server with “mailsage serve”, or name another one with --url or MAILSAGE_URL.`,
  )
}

function noneRuns(env: NodeJS.ProcessEnv): Refusal {
  return new Refusal(
    exitCodes.notReachable,
    'not_reachable',
    `No server of yours runs on this machine (there is no ${runtimeFile(env)}). Start one with “mailsage serve”, or name one with --url and --key.`,
  )
}

function readAnnounced(env: NodeJS.ProcessEnv): Announced | null {
  try {
    return JSON.parse(readFileSync(runtimeFile(env), 'utf8')) as Announced
  } catch {
    return null
  }
}

function checkedUrl(url: string): string {
  if (/^https?:\/\/[^/]/.test(url) && URL.canParse(url)) return withoutSlashes(url)
  throw usage(`“${url}” is not an address of a server. Write it as http://127.0.0.1:8025.`)
}

function withoutSlashes(url: string): string {
  let end = url.length
  while (url[end - 1] === '/') end -= 1
  return url.slice(0, end)
}
