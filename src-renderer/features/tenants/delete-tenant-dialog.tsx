import { useState } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import type { Tenant } from '../../../src-main/contract/tenants.ts'
import { RequestFailure } from '../../app/request.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { formatCount } from '../../ui/format.ts'
import { toast } from '../../ui/toasts.tsx'
import { deleteTenant, endTask } from './tenants-store.ts'

export function DeleteTenantDialog({ tenant, keys }: { tenant: Tenant; keys: readonly Key[] }) {
  const [waiting, setWaiting] = useState<string | null>(null)
  const own = keys.filter(({ tenant_id }) => tenant_id === tenant.id).length

  async function confirm() {
    try {
      const removed = await deleteTenant(tenant, waiting !== null)
      toast(
        `“${tenant.name}” is gone, with ${formatCount(removed.api_keys)} keys and ${formatCount(removed.emails)} emails`,
      )
    } catch (cause) {
      if (!(cause instanceof RequestFailure) || cause.code !== 'conflict') throw cause
      const { waiting: count } = cause.details as { readonly waiting: number }
      setWaiting(
        `${formatCount(count)} live emails are still on their way. To delete it now gives them up.`,
      )
      throw new Error('Live emails of this tenant are still on their way.')
    }
  }

  return (
    <Confirm
      open
      onClose={endTask}
      title={`Delete the tenant “${tenant.name}”?`}
      action={waiting === null ? 'Delete tenant' : 'Give up and delete'}
      onConfirm={confirm}
    >
      <p>
        {own === 0
          ? 'It has no keys.'
          : own === 1
            ? 'Its key is'
            : `Its ${formatCount(own)} keys are`}
        {own > 0 && ' revoked at once: apps that use them are refused, over HTTP and SMTP.'}
      </p>
      <p>
        Its templates, webhooks, jobs, relay and all its messages are deleted. This cannot be
        undone, and its id cannot be used again.
      </p>
      {waiting && <p className="font-medium text-danger-ink">{waiting}</p>}
    </Confirm>
  )
}
