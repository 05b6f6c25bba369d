import type { IncomingMessage } from 'node:http'
import type { ByteBudget, ByteHold } from '../base/byte-budget.ts'
import { createGrowingBytes, type GrowingBytes } from '../base/growing-bytes.ts'
import { Fault } from '../contract/faults.ts'
import { tooManyBytes } from '../domain/messages/accept.ts'
import type { JsonMeter } from './json-meter.ts'

type ReceiveLimits = {
  readonly budget: ByteBudget
  readonly maxBytes: number
  /** The bytes that each byte of the body takes in memory. */
  readonly weight: number
  /** Counts the values of a JSON body, and refuses one that holds too many. */
  readonly meter: JsonMeter | null
}

/** A small object of its own in an array, twice: as parsed and as checked. */
const bytesPerValue = 128

/** A body, counted in the byte budget until the hold is closed. */
export type HeldBody = { readonly bytes: GrowingBytes; readonly hold: ByteHold }

/**
 * Receives a whole body. A body with a Content-Length waits for room in the byte budget before it is
 * read; a body that exceeds the budget is refused.
 */
export async function receiveBody(
  payload: IncomingMessage,
  { budget, maxBytes, weight, meter }: ReceiveLimits,
): Promise<HeldBody> {
  const declared = Number(payload.headers['content-length'] ?? 0)
  if (declared > maxBytes) throw bodyTooLarge()
  const hasRoom = budget.hasRoom(declared * weight) || (await budget.waitForRoom(declared * weight))
  if (!hasRoom) throw tooManyBytes()
  return new Promise((resolve, reject) => {
    const hold = budget.open(() => refuse(tooManyBytes()))
    const bytes = createGrowingBytes(declared || maxBytes, (more) => hold.grow(more * weight))

    function refuse(error: unknown): void {
      payload.off('data', take).off('end', finish).off('error', refuse).off('close', leave)
      bytes.free()
      hold.close()
      reject(error)
    }

    function leave(): void {
      refuse(cutShort())
    }

    function take(chunk: Buffer): void {
      hold.touch(chunk.length)
      if (bytes.length + chunk.length > maxBytes) refuse(bodyTooLarge())
      else if (!bytes.append(chunk)) refuse(tooManyBytes())
      else if (meter) measure(chunk, meter)
    }

    function measure(chunk: Buffer, { read }: JsonMeter): void {
      try {
        const values = read(chunk)
        if (!hold.grow(values * bytesPerValue)) refuse(tooManyBytes())
      } catch (error) {
        refuse(error)
      }
    }

    function finish(): void {
      payload.off('data', take).off('error', refuse).off('close', leave)
      hold.keep()
      resolve({ bytes, hold })
    }

    payload.on('data', take).once('end', finish).once('error', refuse).once('close', leave)
    if (payload.destroyed) leave()
  })
}

export const bodyTooLarge = (): Fault =>
  new Fault(
    'message_too_large',
    'The request body is too large. Messages may have 25 MiB, other requests 1 MiB.',
  )

export const cutShort = (): Fault =>
  new Fault('invalid_request', 'The request body is shorter than its Content-Length.')
