import { z } from 'zod'
import { readMailbox } from './address-list.ts'
import { comparedAddress, isDomain, maxAddressBytes, normalAddress } from './addresses.ts'

/** One address without a display name. */
export const EmailAddress = z
  .string()
  .overwrite(normalAddress)
  .superRefine((text, context) => {
    const problem = problemOf(text)
    if (problem === null) return
    const message = `must be one email address such as ann@example.com. ${problem}`
    context.addIssue({ code: 'custom', message })
  })
  .meta({ format: 'email', maxLength: maxAddressBytes })

/** An entry of `allowed_senders`: an address, or a domain for all its addresses. */
export const SenderRule = z
  .string()
  .trim()
  .overwrite(comparedAddress)
  .min(1)
  // Longer than an address, whose own problem says more.
  .max(998)
  .superRefine((text, context) => {
    if (isDomain(text)) return
    const problem = problemOf(text)
    if (problem === null) return
    const message = `must be an address such as app@example.com or a domain such as example.com. ${problem}`
    context.addIssue({ code: 'custom', message })
  })
  .meta({ format: 'sender-rule', maxLength: maxAddressBytes })

function problemOf(text: string): string | null {
  const read = readMailbox(text)
  if (typeof read === 'string') return read
  return read.address === text ? null : `It holds more than the address “${read.address}”.`
}
