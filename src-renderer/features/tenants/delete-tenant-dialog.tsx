import { useState } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import type { Tenant } from '../../../src-main/contract/tenants.ts'
import { RequestFailure } from '../../app/request.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { toast } from '../../ui/toasts.tsx'
import { tenantsLabels } from './labels.ts'
import { deleteTenant, endTask } from './tenants-store.ts'

export function DeleteTenantDialog({ tenant, keys }: { tenant: Tenant; keys: readonly Key[] }) {
  const [queued, setQueued] = useState<number | null>(null)
  const own = keys.filter(({ tenant_id }) => tenant_id === tenant.id).length

  async function confirm() {
    try {
      const removed = await deleteTenant(tenant, queued !== null)
      toast(tenantsLabels.delete.done(tenant.name, removed.api_keys, removed.emails))
    } catch (cause) {
      if (!(cause instanceof RequestFailure) || cause.code !== 'conflict') throw cause
      // The cast is safe: the server of this window writes the details of its own conflict.
      const { waiting } = cause.details as { readonly waiting: number }
      setQueued(waiting)
      throw new Error(tenantsLabels.delete.queuedError)
    }
  }

  return (
    <Confirm
      open
      onClose={endTask}
      title={tenantsLabels.delete.title(tenant.name)}
      action={queued === null ? tenantsLabels.delete.action : tenantsLabels.delete.forceAction}
      onConfirm={confirm}
    >
      <p>{tenantsLabels.delete.keys(own)}</p>
      <p>{tenantsLabels.delete.warning}</p>
      {queued !== null && (
        <p className="font-medium text-danger-ink">{tenantsLabels.delete.queued(queued)}</p>
      )}
    </Confirm>
  )
}
