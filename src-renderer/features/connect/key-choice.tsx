import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import { routeHash } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/select.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { chooseKey, createTestKey } from './connect-store.ts'
import { connectLabels } from './labels.ts'

type KeyChoiceProps = {
  keys: readonly Key[]
  keyId: string | null
  secret: string | null
  sampleName: string
}

/** Selects the key for the code. Only a key created here can be filled in. */
export function KeyChoice({ keys, keyId, secret, sampleName }: KeyChoiceProps) {
  const [busy, setBusy] = useState(false)

  async function create() {
    setBusy(true)
    try {
      const name = freeName(
        connectLabels.key.suggestedName(sampleName),
        keys.map((key) => key.name),
      )
      await createTestKey(name)
      toast(connectLabels.key.created(name))
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
            label={connectLabels.key.label}
            value={keyId}
            options={keys.map(({ id, name, mode, prefix }) => ({
              value: id,
              label: connectLabels.key.option(name, mode, prefix.replace(/…$/, '')),
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
          {connectLabels.key.create}
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
          {keyId === null ? connectLabels.key.all : connectLabels.key.settings}
        </a>
      </p>
    </div>
  )
}

function keyHint(key: Key | undefined, secret: string | null): string {
  if (!key) return connectLabels.key.none
  if (secret !== null) return connectLabels.key.filledIn
  return key.mode === 'live' ? connectLabels.key.replaceLive : connectLabels.key.replace
}

function freeName(base: string, names: readonly string[]): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base} ${number}`
    if (!names.includes(name)) return name
  }
}
