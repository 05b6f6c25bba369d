import { comparedAddress, shown } from '../../contract/addresses.ts'
import { Fault } from '../../contract/faults.ts'
import { maxHeaderBytes } from '../../mime/header-block.ts'
import { readSenders } from '../../mime/header-senders.ts'
import type { Caller } from './caller.ts'
import { isSenderWithin } from './key-bounds.ts'

export function isAllowedSender({ allowedSenders }: Caller, address: string): boolean {
  // A local name, which captured mail may have, has no domain to compare.
  if (!address.includes('@')) return false
  return allowedSenders.some((allowed) => isSenderWithin(comparedAddress(address), allowed))
}

/** An empty list of `allowed_senders` allows every sender. */
export function checkSender(caller: Caller, address: string): void {
  if (caller.allowedSenders.length === 0) return
  if (isAllowedSender(caller, address)) return
  throw new Fault(
    'sender_not_allowed',
    `The key “${caller.name}” may not send from ${address || 'the empty sender'}. It may send from: ${caller.allowedSenders.join(', ')}.`,
    { allowed_senders: caller.allowedSenders },
  )
}

/** Stored mail with its envelope sender; `readHead` reads the first `senderHeadBytes` of its bytes. */
export type StoredMail = { readonly mailFrom: string; readonly readHead: () => Buffer }

/** One byte more than the header scan reads, so that it sees where a longer message goes on. */
export const senderHeadBytes = maxHeaderBytes + 1

/**
 * Every action on stored mail (retry, cancel, reschedule) calls this: a key with allowed_senders acts
 * only on mail that it may send itself.
 */
export function checkStoredSender(caller: Caller, { mailFrom, readHead }: StoredMail): void {
  if (caller.allowedSenders.length === 0) return
  checkSender(caller, mailFrom)
  checkSenderFields(caller, readHead())
}

/** Binds the senders that readers see like that of the envelope: every field that names one. */
export function checkSenderFields(caller: Caller, raw: Buffer): void {
  if (caller.allowedSenders.length === 0) return
  const mayFrom = `The key “${caller.name}” may send from: ${caller.allowedSenders.join(', ')}.`
  const refusal = (sentence: string) =>
    new Fault('sender_not_allowed', `${sentence} ${mayFrom}`, {
      allowed_senders: caller.allowedSenders,
    })
  const fields = readSenders(raw)
  if (fields === null) {
    throw refusal('The header of this message has no clear end, so its sender is unknown.')
  }
  const count = fields.filter(({ name }) => name === 'From').length
  if (count !== 1)
    throw refusal(`This message has ${count === 0 ? 'no' : count} From fields, not one.`)
  for (const { name, addresses } of fields) {
    if (addresses === null) {
      throw refusal(
        `The field ${name} of this message is not clear. Write it as ann@example.com or Ann <ann@example.com>.`,
      )
    }
    const other = addresses.find((address) => !isAllowedSender(caller, address))
    if (other !== undefined) {
      throw refusal(`The field ${name} of this message names ${shown(other)}.`)
    }
  }
}
