import type { ConnectAnswer, NewServer } from './bridge.ts'
import type { RemoteServers } from './remote-servers.ts'
import { readAddress } from './server-address.ts'
import { type Fetch, findProblem } from './server-problem.ts'

type Connecting = {
  readonly kept: RemoteServers
  readonly fetch: Fetch
  /** Where the server of this computer listens. */
  readonly ownUrl: string
}

/** Keeps a server that was reached and took the key; every other answer says what to change. */
export async function connectServer(
  { kept, fetch, ownUrl }: Connecting,
  { name, address: written, key, unencrypted }: NewServer,
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
    return refused('address', 'That is the server of this computer: it is in the list already.')
  }
  const plainKey = key.trim()
  if (plainKey === '') return refused('key', 'Paste an admin key of that server.')
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
