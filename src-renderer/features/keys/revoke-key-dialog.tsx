import type { Key } from '../../../src-main/contract/keys.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { formatDistance } from '../../ui/format.ts'
import { ModeBadge } from '../../ui/mode-badge.tsx'
import { toast } from '../../ui/toasts.tsx'
import { endTask, revokeKey } from './keys-store.ts'

export function RevokeKeyDialog({ apiKey }: { apiKey: Key }) {
  const { name, mode, prefix, last_used_at, last_used_from } = apiKey
  return (
    <Confirm
      open
      onClose={endTask}
      title={`Revoke “${name}”?`}
      action="Revoke key"
      onConfirm={async () => {
        await revokeKey(apiKey)
        toast(`“${name}” is revoked`)
      }}
    >
      <p>Apps that use it are refused at once, over HTTP and SMTP. This cannot be undone.</p>
      <p className="flex items-center gap-2">
        <ModeBadge mode={mode} />
        <code className="text-sm">{prefix.replace(/…$/, '')}…</code>
      </p>
      <p className="text-ink">
        {last_used_at === null
          ? 'It was never used.'
          : `Last used ${formatDistance(last_used_at)}${last_used_from ? ` from ${last_used_from}` : ''}.`}
      </p>
    </Confirm>
  )
}
