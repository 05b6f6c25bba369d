import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { setAside, writeDurably } from '../base/durable-file.ts'
import { randomBase62 } from '../base/ids.ts'
import type { Vault } from '../base/vault.ts'
import type { RelayName } from './bridge.ts'

const OtherRelay = z.object({
  id: z.string(),
  name: z.string(),
  /** Its origin: scheme, host and port. */
  address: z.string(),
})
export type OtherRelay = Readonly<z.infer<typeof OtherRelay>>

const Kept = z.object({
  /** The one that the window showed last; null: this computer's. */
  chosen: z.string().nullable(),
  relays: z.array(OtherRelay.extend({ sealed_key: z.base64() })),
})
type Kept = z.infer<typeof Kept>

export type OtherRelays = ReturnType<typeof openOtherRelays>

/** The relays of other computers that this desktop knows; their keys lie sealed in the file. */
export function openOtherRelays(file: string, vault: Vault) {
  let kept = read(file)

  function save(next: Kept): void {
    writeDurably(file, `${JSON.stringify(next, null, 2)}\n`)
    kept = next
  }

  const find = (id: string) => kept.relays.find((relay) => relay.id === id)

  return {
    list: (): readonly OtherRelay[] => kept.relays.map((relay) => OtherRelay.parse(relay)),
    find: (id: string): OtherRelay | null => OtherRelay.nullable().parse(find(id) ?? null),
    chosen: (): string | null => kept.chosen,

    /** Null when this computer cannot open what it sealed: another keychain, another user. */
    keyOf(id: string): string | null {
      const relay = find(id)
      return relay ? vault.open(Buffer.from(relay.sealed_key, 'base64')) : null
    },

    /** One that is known by its address gets the new name and key. */
    keep({ name, address, key }: Omit<OtherRelay, 'id'> & { readonly key: string }): OtherRelay {
      const before = kept.relays.find((relay) => relay.address === address)
      const relay = {
        id: before?.id ?? `other_${randomBase62(12)}`,
        name,
        address,
        sealed_key: vault.seal(key).toString('base64'),
      }
      const relays = before
        ? kept.relays.map((other) => (other === before ? relay : other))
        : [...kept.relays, relay]
      save({ ...kept, relays })
      return OtherRelay.parse(relay)
    },

    choose(id: string | null): void {
      if (id !== kept.chosen) save({ ...kept, chosen: id })
    },

    forget(id: string): void {
      save({
        chosen: kept.chosen === id ? null : kept.chosen,
        relays: kept.relays.filter((relay) => relay.id !== id),
      })
    },
  }
}

/** How the window calls it. */
export const nameOf = ({ id, name, address }: OtherRelay): RelayName => ({
  id,
  name,
  host: new URL(address).host,
})

export function titleOf(relay: OtherRelay): string {
  const { name, host } = nameOf(relay)
  return name === host ? host : `${name} (${host})`
}

function read(file: string): Kept {
  try {
    return Kept.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // No file yet, or a broken one: its sealed keys are not lost with the next change.
    if (existsSync(file)) setAside(file, Date.now())
    return { chosen: null, relays: [] }
  }
}
