import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultFolder } from '../base/data-folder.ts'
import { exitCodes, Refusal, usage } from './refusal.ts'

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
  /** True for the server's console key, which has full access. */
  readonly isConsoleKey: boolean
}

export const runtimeFile = (env: NodeJS.ProcessEnv): string =>
  join(env.MAILSAGE_DATA || defaultFolder(), 'server.json')

/** Flags, then the environment, then the server that runs on the data folder. */
export function findServer(given: ServerOptions, env: NodeJS.ProcessEnv): ServerAddress {
  const url = given.url ?? (env.MAILSAGE_URL || undefined)
  const key = given.key ?? (env.MAILSAGE_KEY || undefined)
  const announced = url === undefined || key === undefined ? readAnnounced(env) : null
  if (url === undefined && announced === null) throw noneRuns(env)
  // The key of this machine's server is for no other server.
  const isSame = url === undefined || announced?.url === withoutSlashes(url)
  return {
    url: checkedUrl(url ?? announced?.url ?? ''),
    key: key ?? (isSame ? (announced?.consoleKey ?? null) : null),
    isConsoleKey: key === undefined,
  }
}

export type SmtpAddress = { readonly host: string; readonly port: number }

/** The SMTP address: from the environment, the runtime file, or the default. */
export function findSmtp(given: ServerOptions, env: NodeJS.ProcessEnv): SmtpAddress {
  const url = given.url ?? (env.MAILSAGE_URL || undefined)
  const announced = readAnnounced(env)
  const { hostname } = new URL(checkedUrl(url ?? announced?.url ?? 'http://127.0.0.1'))
  const set = Number(env.MAILSAGE_SMTP_PORT || Number.NaN)
  const isSame = url === undefined || announced?.url === withoutSlashes(url)
  const port = set > 0 ? set : isSame ? (announced?.smtpPort ?? 1025) : 1025
  return { host: hostname.replace(/^\[|\]$/g, ''), port }
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
