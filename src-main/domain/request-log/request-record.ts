import type { FaultCode } from '../../contract/faults.ts'
import type { Caller } from '../auth/caller.ts'

export type RequestRecord = {
  readonly caller: Caller | null
  /** `POST /v1/send`, or `SMTP`. */
  readonly route: string
  /** HTTP status or SMTP reply code. */
  readonly status: number
  readonly fault: FaultCode | null
  readonly durationMs: number
  readonly address: string
  /** The User-Agent header, or the argument of EHLO. */
  readonly userAgent: string | null
  readonly requestId: string
}
