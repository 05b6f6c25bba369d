import { isDeepStrictEqual } from 'node:util'
import { type FaultCode, faults } from '../src-main/contract/faults.ts'
import { mailsage } from '../src-main/http/dialects/mailsage.ts'
import { native } from '../src-main/http/dialects/native.ts'
import { system } from '../src-main/http/dialects/system.ts'
import { faultsOf } from '../src-main/http/openapi.ts'
import type { AnyRoute, Dialect } from '../src-main/http/route.ts'
import type { Answer } from './http-client.ts'

export const dialects: readonly Dialect[] = [native, mailsage, system]

export type KnownRoute = {
  readonly line: string
  readonly route: AnyRoute
  readonly dialect: Dialect
}

export const knownRoutes: readonly KnownRoute[] = dialects.flatMap((dialect) =>
  Object.entries(dialect.routes).map(([line, route]) => ({ line, route, dialect })),
)

/** Compares every response of every test with the declaration of its route; throws on a difference. */
export function checkDeclared(line: string, answer: Answer): void {
  const known = knownRoutes.find((candidate) => candidate.line === line)
  if (!known) throw new Error(`${line} is in no route table`)
  if (!/^req_[0-9a-z]{22}$/.test(String(answer.headers['x-request-id']))) {
    throw new Error(`${line} answered without a request id`)
  }
  const { status = 200, alternative } = known.route
  if (answer.status === status || answer.status === alternative?.status) checkReply(known, answer)
  else checkRefusal(known, answer)
}

function checkReply({ line, route }: KnownRoute, { body, headers }: Answer): void {
  if ('produces' in route.reply) {
    const type = String(headers['content-type']).split(';')[0]
    const declared = route.reply.produces.split(';')[0]
    const isOpen = declared === '*/*'
    if (isOpen || type === declared) return
    throw new Error(`${line} answered ${type}, not ${declared}`)
  }
  const parsed = route.reply.safeParse(body)
  if (!parsed.success) throw new Error(`${line} broke its reply schema: ${parsed.error.message}`)
  if (isDeepStrictEqual(parsed.data, body)) return
  throw new Error(`${line} answered fields that its schema does not have: ${JSON.stringify(body)}`)
}

function checkRefusal({ line, route, dialect }: KnownRoute, { status, body, text }: Answer): void {
  const code = codeOf(dialect, body)
  if (code === undefined || !faultsOf(line, route).includes(code)) {
    throw new Error(`${line} answered ${status} ${code ?? text}, which it does not declare`)
  }
  if (faults[code][0] !== status) throw new Error(`${line} answered ${code} with ${status}`)
}

/** The fault's code, where this dialect keeps it. */
export function codeOf(dialect: Dialect, body: unknown): FaultCode | undefined {
  const { code, error } = (body ?? {}) as { code?: FaultCode; error?: { code?: FaultCode } }
  return dialect.name === 'mailsage' ? code : error?.code
}
