import { useEffect, useState } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import { request } from '../../app/request.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { formatCount, formatDistance } from '../../ui/format.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { ModeBadge } from '../../ui/mode-badge.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toasts.tsx'
import { type Impact, impactOf, impactSentence } from './key-impact.ts'
import { endTask, revokeKey } from './keys-store.ts'
import { keysLabels } from './labels.ts'

const dayMs = 86_400_000

export function RevokeKeyDialog({ apiKey }: { apiKey: Key }) {
  const { name, mode, prefix, last_used_at, last_used_from } = apiKey
  const [typed, setTyped] = useState('')
  const impact = useImpact(apiKey)
  const isInUse = last_used_at !== null && Date.now() - Date.parse(last_used_at) < dayMs
  return (
    <Confirm
      open
      onClose={endTask}
      title={keysLabels.revoke.title(name)}
      action={keysLabels.revoke.action}
      ready={!isInUse || typed.trim() === name}
      onConfirm={async () => {
        await revokeKey(apiKey)
        toast(keysLabels.revoke.done(name))
      }}
    >
      <p>{keysLabels.revoke.warning}</p>
      <div className="rounded-lg border border-line bg-sunken px-3 py-2.5">
        <p className="flex items-center gap-2">
          <ModeBadge mode={mode} />
          <code className="truncate text-sm">{prefix.replace(/…$/, '')}…</code>
        </p>
        <p className="mt-1.5 text-ink">
          {last_used_at === null
            ? keysLabels.revoke.neverUsed
            : keysLabels.revoke.lastUsed(formatDistance(last_used_at), last_used_from)}
        </p>
        {last_used_at !== null && <ImpactSummary name={name} impact={impact} />}
      </div>
      {isInUse && (
        <Field label={keysLabels.revoke.confirm(name)} className="pt-1 text-ink">
          {(control) => (
            <TextInput
              {...control}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
      )}
    </Confirm>
  )
}

function ImpactSummary({ name, impact }: { name: string; impact: Load<Impact> }) {
  if (impact.status === 'failed') {
    return <p className="mt-1">{keysLabels.revoke.impactFailed}</p>
  }
  if (impact.status !== 'ready') return <Skeleton className="mt-2.5 mb-1 h-2.5 w-4/5" />
  const { routes } = impact.value
  return (
    <>
      <p className="mt-1 text-ink">{impactSentence(name, impact.value)}</p>
      {routes.length > 0 && (
        <ul aria-label={keysLabels.revoke.routes} className="mt-2 space-y-0.5 text-sm">
          {routes.slice(0, 4).map(({ route, requests }) => (
            <li key={route} className="flex justify-between gap-3">
              <code className="truncate">{route}</code>
              <span className="figures">{formatCount(requests)}</span>
            </li>
          ))}
          {routes.length > 4 && <li>{keysLabels.revoke.more(routes.length - 4)}</li>}
        </ul>
      )}
    </>
  )
}

function useImpact({ id }: Key): Load<Impact> {
  const [impact, setImpact] = useState<Load<Impact>>(loading)
  useEffect(() => {
    const stop = new AbortController()
    request('GET /v1/usage', { query: { key_id: id, bucket: 'hour' }, signal: stop.signal })
      .then((usage) => setImpact(ready(impactOf(usage))))
      .catch((cause) => {
        if (!stop.signal.aborted) setImpact(failed(cause))
      })
    return () => stop.abort()
  }, [id])
  return impact
}
