import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { setAside, writeDurably } from '../base/durable-file.ts'
import { randomBase62 } from '../base/ids.ts'
import type { Vault } from '../base/vault.ts'
import type { ServerName } from './bridge.ts'

const RemoteServer = z.object({
  id: z.string(),
  name: z.string(),
  /** Its origin: scheme, host and port. */
  address: z.string(),
})
export type RemoteServer = Readonly<z.infer<typeof RemoteServer>>

const Kept = z.object({
  /** The server shown last; null: this computer's. */
  chosen: z.string().nullable(),
  servers: z.array(RemoteServer.extend({ sealed_key: z.base64() })),
})
type Kept = z.infer<typeof Kept>

export type RemoteServers = ReturnType<typeof openRemoteServers>

/** The saved remote servers; the file has their keys encrypted. */
export function openRemoteServers(folder: string, vault: Vault) {
  const file = join(folder, 'remote-servers.json')
  let kept = existsSync(file) ? read(file) : readEarlier(join(folder, 'relays.json'))

  function save(next: Kept): void {
    writeDurably(file, `${JSON.stringify(next, null, 2)}\n`)
    kept = next
  }

  const find = (id: string) => kept.servers.find((server) => server.id === id)

  return {
    list: (): readonly RemoteServer[] => kept.servers.map((server) => RemoteServer.parse(server)),
    find: (id: string): RemoteServer | null => RemoteServer.nullable().parse(find(id) ?? null),
    chosen: (): string | null => kept.chosen,

    /** Null when this computer cannot decrypt the key, such as with another keychain or user. */
    keyOf(id: string): string | null {
      const server = find(id)
      return server ? vault.open(Buffer.from(server.sealed_key, 'base64')) : null
    },

    /** A saved server with this address gets the new name and key. */
    keep({
      name,
      address,
      key,
    }: Omit<RemoteServer, 'id'> & { readonly key: string }): RemoteServer {
      const before = kept.servers.find((server) => server.address === address)
      const server = {
        id: before?.id ?? `other_${randomBase62(12)}`,
        name,
        address,
        sealed_key: vault.seal(key).toString('base64'),
      }
      const servers = before
        ? kept.servers.map((other) => (other === before ? server : other))
        : [...kept.servers, server]
      save({ ...kept, servers })
      return RemoteServer.parse(server)
    },

    choose(id: string | null): void {
      if (id !== kept.chosen) save({ ...kept, chosen: id })
    },

    forget(id: string): void {
      save({
        chosen: kept.chosen === id ? null : kept.chosen,
        servers: kept.servers.filter((server) => server.id !== id),
      })
    },
  }
}

/** The name for the window. */
export const nameOf = ({ id, name, address }: RemoteServer): ServerName => ({
  id,
  name,
  host: new URL(address).host,
})

export function titleOf(server: RemoteServer): string {
  const { name, host } = nameOf(server)
  return name === host ? host : `${name} (${host})`
}

function read(file: string): Kept {
  try {
    return Kept.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // No file yet, or a damaged one, which is kept so that its encrypted keys are not lost.
    if (existsSync(file)) setAside(file, Date.now())
    return { chosen: null, servers: [] }
  }
}

/** The file name of earlier versions; that file stays unchanged. */
function readEarlier(file: string): Kept {
  const Earlier = z.object({ chosen: Kept.shape.chosen, relays: Kept.shape.servers })
  try {
    const { chosen, relays } = Earlier.parse(JSON.parse(readFileSync(file, 'utf8')))
    return { chosen, servers: relays }
  } catch {
    return { chosen: null, servers: [] }
  }
}
