import type { ConnectAnswer, NewServer } from './bridge.ts'
import type { RemoteServers } from './remote-servers.ts'
import { readAddress } from './server-address.ts'
import { type Fetch, findProblem } from './server-problem.ts'

type Connecting = {
  readonly kept: RemoteServers
  readonly fetch: Fetch
  /** The address of the local server. */
  readonly ownUrl: string
}

/** Saves a server that accepts the key. Every other result names the field to correct. */
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
    return refused('address', 'This is the server of this computer. It is already in the list.')
  }
  const plainKey = key.trim()
  if (plainKey === '') return refused('key', 'Paste an admin key of that server.')
  // A header cannot carry it, and the error would look like a network failure.
  if (!/^[\x21-\x7e]+$/.test(plainKey)) {
    return refused('key', 'A key has no spaces or special characters. Copy it again.')
  }
  if (isExposed && !unencrypted) return { type: 'unencrypted', host }
  const problem = await findProblem({ origin, key: plainKey }, fetch)
  if (problem) return { type: 'refused', ...problem }
  const { id } = kept.keep({ name: name.trim() || host, address: origin, key: plainKey })
  return { type: 'connected', id }
}
