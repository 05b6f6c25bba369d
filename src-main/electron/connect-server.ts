import type { ConnectAnswer, NewRelay } from './bridge.ts'
import type { OtherRelays } from './remote-servers.ts'
import { readAddress } from './server-address.ts'
import { type Fetch, findProblem } from './server-problem.ts'

type Connecting = {
  readonly kept: OtherRelays
  readonly fetch: Fetch
  /** Where the relay of this computer listens. */
  readonly ownUrl: string
}

/** Keeps a relay that was reached and took the key; every other answer says what to change. */
export async function connectRelay(
  { kept, fetch, ownUrl }: Connecting,
  { name, address: written, key, unencrypted }: NewRelay,
): Promise<ConnectAnswer> {
  const refused = (field: 'address' | 'key', sentence: string): ConnectAnswer => ({
    type: 'refused',
    field,
    sentence,
  })
  const address = readAddress(written)
  if (address.type === 'refused') return refused('address', address.sentence)
  const { origin, host, isExposed } = address
  if (origin === new URL(ownUrl).origin) {
    return refused('address', 'That is the relay of this computer: it is in the list already.')
  }
  const plainKey = key.trim()
  if (plainKey === '') return refused('key', 'Paste an admin key of that relay.')
  // What a header cannot carry is no key, and would look like a failure of the network.
  if (!/^[\x21-\x7e]+$/.test(plainKey)) {
    return refused('key', 'A key has no spaces and no special letters. Copy it again.')
  }
  if (isExposed && !unencrypted) return { type: 'unencrypted', host }
  const problem = await findProblem({ origin, key: plainKey }, fetch)
  if (problem) return { type: 'refused', ...problem }
  const { id } = kept.keep({ name: name.trim() || host, address: origin, key: plainKey })
  return { type: 'connected', id }
}
