import { isIP } from 'node:net'
import { plainAddress } from './ip-addresses.ts'

/** A client that its proxy does not name by address (RFC 7239 §6). */
export const hiddenAddress = 'unknown'

type ForwardedFields = {
  readonly 'x-forwarded-for'?: string | readonly string[] | undefined
  readonly forwarded?: string | readonly string[] | undefined
}

/** `contradiction`: the fields name several clients, so one of them may be forged. */
export type ClientAddress =
  | { readonly type: 'known'; readonly address: string }
  | { readonly type: 'contradiction'; readonly peer: string }

/**
 * The address of the client. Each proxy appends the address of its own client on the right. So the
 * right-most address that is not a trusted proxy is the client; the client may have forged all
 * addresses to the left of it.
 */
export function clientAddress(
  peer: string | undefined,
  fields: ForwardedFields,
  isTrusted: (address: string) => boolean,
): ClientAddress {
  const address = plainAddress(peer)
  const hasFields = fields['x-forwarded-for'] !== undefined || fields.forwarded !== undefined
  if (!hasFields || !isTrusted(address)) return { type: 'known', address }
  const elements = listed(fields.forwarded).map(forParameters)
  // A parameter may stand once in an element (RFC 7239 §4).
  if (elements.some(({ length }) => length > 1)) return { type: 'contradiction', peer: address }
  const chains = [
    listed(fields['x-forwarded-for']).map(nodeAddress),
    elements.map(([node = hiddenAddress]) => nodeAddress(node)),
  ].filter((chain) => chain.length > 0)
  const [first = address, second = first] = chains.map(
    (chain) => chain.findLast((each) => !isTrusted(each)) ?? (chain[0] as string),
  )
  return first === second
    ? { type: 'known', address: first }
    : { type: 'contradiction', peer: address }
}

/** The elements of a field, which may be repeated or contain a comma-separated list. */
function listed(field: string | readonly string[] | undefined): string[] {
  const text = typeof field === 'string' ? field : (field ?? []).join(',')
  return text.split(',').flatMap((element) => element.trim() || [])
}

function forParameters(element: string): string[] {
  return element
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => /^for=/i.test(pair))
    .map((pair) => pair.slice('for='.length))
}

/** `"[2001:db8::1]:4711"` is 2001:db8::1; a name instead of an address is unknown. */
function nodeAddress(node: string): string {
  const bare = node.replace(/^"(.*)"$/, '$1')
  const [, inBrackets] = /^\[([^\]]*)\](?::\w+)?$/.exec(bare) ?? []
  const [, withPort] = /^([\d.]+):\w+$/.exec(bare) ?? []
  const address = plainAddress(inBrackets ?? withPort ?? bare)
  return isIP(address) === 0 ? hiddenAddress : address
}
