import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import { routeHash } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/select.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { chooseKey, createTestKey } from './connect-store.ts'

type KeyChoiceProps = {
  keys: readonly Key[]
  keyId: string | null
  secret: string | null
  sampleName: string
}

/** Which key the code carries; only one made here can be filled in. */
export function KeyChoice({ keys, keyId, secret, sampleName }: KeyChoiceProps) {
  const [busy, setBusy] = useState(false)

  async function create() {
    setBusy(true)
    try {
      const name = freeName(
        `${sampleName} test`,
        keys.map((key) => key.name),
      )
      await createTestKey(name)
      toast(`“${name}” is made and filled in`)
    } catch (cause) {
      toastFailure(cause)
    } finally {
      setBusy(false)
    }
  }

  return (
    <div>
      <div className="flex flex-wrap items-center gap-2">
        {keyId !== null && (
          <Select
            label="Key"
            value={keyId}
            options={keys.map(({ id, name, mode, prefix }) => ({
              value: id,
              label: `${name} (${mode}, ${prefix.replace(/…$/, '')}…)`,
            }))}
            onChange={chooseKey}
            className="min-w-0 max-w-full [&>span]:truncate"
          />
        )}
        <Button
          look={secret === null ? 'primary' : 'secondary'}
          icon={Plus}
          busy={busy}
          onClick={create}
        >
          Create a test key for this
        </Button>
      </div>
      <p className="mt-1.5 text-ink-muted text-sm">
        {keyHint(
          keys.find(({ id }) => id === keyId),
          secret,
        )}{' '}
        <a
          href={routeHash('keys', keyId)}
          className="font-medium text-sage-ink underline underline-offset-2"
        >
          {keyId === null ? 'Keys' : 'Its settings'}
        </a>
      </p>
    </div>
  )
}

function keyHint(key: Key | undefined, secret: string | null): string {
  if (!key) return 'There is no key that may send yet.'
  if (secret !== null)
    return 'Filled in below, and only until this window is closed or loaded again.'
  const kind = key.mode === 'live' ? 'This key sends to real people. ' : ''
  return `${kind}A key’s secret is shown only when it is made: put yours in place of YOUR_API_KEY.`
}

function freeName(base: string, names: readonly string[]): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base} ${number}`
    if (!names.includes(name)) return name
  }
}
